/** Rows that were not measured: the simulation with the errors it makes on real migrations. They are marked as simulated. */
package io.github.godwit.training.simulate;
