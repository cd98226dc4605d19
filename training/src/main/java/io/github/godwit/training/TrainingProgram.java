package io.github.godwit.training;

import io.github.godwit.training.cli.Commands;

/** The program {@code godwit-train}. */
public final class TrainingProgram {

    private TrainingProgram() {}

    /** Runs a command; exit code 1 for what went wrong, 2 for a wrong command line. */
    public static void main(String[] arguments) {
        System.exit(Commands.line().execute(arguments));
    }
}
