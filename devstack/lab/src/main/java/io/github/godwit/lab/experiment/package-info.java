/** Experiments with several Linux guests and their clients, which append to a file and continue where they stopped. */
package io.github.godwit.lab.experiment;
