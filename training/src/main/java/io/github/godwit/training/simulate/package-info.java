/** Simulated rows: predictions of the simulation with the errors that it has on real migrations, marked as simulated. */
package io.github.godwit.training.simulate;
