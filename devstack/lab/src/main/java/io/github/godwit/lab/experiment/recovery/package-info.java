/** Migrations whose link is cut in post-copy. */
package io.github.godwit.lab.experiment.recovery;
