/** The program {@code godwit-strategy}. */
package io.github.godwit.strategy.cli;
