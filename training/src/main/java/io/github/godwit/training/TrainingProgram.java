package io.github.godwit.training;

import io.github.godwit.training.cli.Commands;

/** The program {@code godwit-train}: datasets and models of migrations. */
public final class TrainingProgram {

    private TrainingProgram() {}

    /** Runs a command and exits with its code: 0 for success, 1 for a failure, 2 for a wrong command line. */
    public static void main(String[] arguments) {
        System.exit(Commands.line().execute(arguments));
    }
}
