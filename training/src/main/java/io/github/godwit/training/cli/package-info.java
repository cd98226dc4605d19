/** The commands of {@code godwit-train}. */
package io.github.godwit.training.cli;
