/** Predicts what a migration costs: its input, its output, and corrections for partial profiles and for the errors of a host. */
package io.github.godwit.model.predict;
