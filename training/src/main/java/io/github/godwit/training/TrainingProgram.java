package io.github.godwit.training;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code godwit-train}. */
@Command(
        name = "godwit-train",
        mixinStandardHelpOptions = true,
        version = "godwit-train 0.1.0",
        description = "Judges and makes the models that predict migrations.",
        subcommands = AccuracyCommand.class)
public final class TrainingProgram {

    private TrainingProgram() {}

    /** Runs a command; exit code 1 for what went wrong, 2 for a wrong command line. */
    public static void main(String[] arguments) {
        CommandLine program = new CommandLine(new TrainingProgram());
        program.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("godwit-train: " + message(failure));
            return 1;
        });
        System.exit(program.execute(arguments));
    }

    private static String message(Exception failure) {
        return failure instanceof IOException && failure.getClass() != IOException.class
                ? "cannot read " + failure.getMessage()
                : failure.getMessage();
    }
}
