/** Migrations to a destination whose link is slower than the source's, with pages that wait on intermediaries and without. */
package io.github.godwit.lab.experiment.scatter;
