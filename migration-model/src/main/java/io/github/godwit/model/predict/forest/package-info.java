/**
 * Learned models in the form they are deployed in: flat arrays, read without the library that trained them, and the predictor
 * on top of them, which knows when not to trust them.
 */
package io.github.godwit.model.predict.forest;
