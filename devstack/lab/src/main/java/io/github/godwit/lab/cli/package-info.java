/** The commands of the program {@code lab}. */
package io.github.godwit.lab.cli;
