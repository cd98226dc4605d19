/** Learned models in the form in which they are deployed, their file format, and the predictor that uses them where they apply. */
package io.github.godwit.model.predict.forest;
