/** Prediction models that operators can replace, and the errors of the predictions for migrations away from this host. */
package io.github.godwit.host.predict;
