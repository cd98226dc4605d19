/** Predicts a migration by simulating QEMU's migration algorithm. */
package io.github.godwit.model.predict.analytic;
