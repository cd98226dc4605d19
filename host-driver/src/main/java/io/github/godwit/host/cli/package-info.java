/** The program {@code godwit-host} and its subcommands. */
package io.github.godwit.host.cli;
