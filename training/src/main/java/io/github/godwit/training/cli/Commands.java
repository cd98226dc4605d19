package io.github.godwit.training.cli;

import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of {@code godwit-train}. */
@Command(
        name = "godwit-train",
        mixinStandardHelpOptions = true,
        version = "godwit-train 0.1.0",
        description =
                "Collects rows of real migrations, trains the models that predict migrations from them, and evaluates the models.",
        subcommands = {
            CollectCommand.class,
            SimulateCommand.class,
            ImportCommand.class,
            TableCommand.class,
            ClassesCommand.class,
            CalibrateCommand.class,
            FitCommand.class,
            EvaluateCommand.class,
            AccuracyCommand.class,
            BandwidthCommand.class,
            CompareCommand.class,
            ReplayCommand.class,
            PerfProxyCommand.class,
            RefitCommand.class,
            ExportCommand.class
        })
public final class Commands {

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

    private Commands() {}

    /** The command line. It prints an error as one sentence; the stack trace goes to the log only. */
    public static CommandLine line() {
        CommandLine program = new CommandLine(new Commands());
        program.registerConverter(Technique.class, Technique::parse);
        program.getSubcommands().get("collect").setUnmatchedOptionsArePositionalParams(true);
        program.setExecutionExceptionHandler((failure, command, parsed) -> {
            boolean expected = failure instanceof IOException || failure instanceof IllegalArgumentException;
            if (!expected) {
                LOG.error("{} failed", command.getCommandName(), failure);
            }
            command.getErr().println("godwit-train: " + message(failure));
            return failure instanceof IllegalArgumentException ? 2 : 1;
        });
        return program;
    }

    private static String message(Exception failure) {
        return failure instanceof NoSuchFileException
                ? "There is no file %s.".formatted(failure.getMessage())
                : failure.getMessage();
    }
}
