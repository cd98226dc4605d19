package io.github.godwit.lab.cli;

import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.lab.LabException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** The program {@code lab}: a small cluster on one machine. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        version = "lab 0.1.0",
        description = "Runs hosts as network namespaces with real QEMU, to try and test live migration on one machine.",
        footer = {
            "",
            "Examples:",
            "  lab up --hosts 3 --link 1gbit",
            "  lab vm start db --host h1 --memory 512M --working-set 64M --dirty-rate 60M --cpu 0.4",
            "  lab migrate db --to h2 --policy ensure_performance",
            "  lab down"
        },
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            RestartCommand.class,
            VmCommand.class,
            ClientCommand.class,
            TrafficCommand.class,
            MigrateCommand.class,
            CollectRowsCommand.class,
            ExperimentCommand.class,
            QuickstartCommand.class
        })
public final class LabProgram {

    private static final Logger LOG = LoggerFactory.getLogger(LabProgram.class);

    private LabProgram() {}

    /** Runs a command and exits with its code: 0 for success, 1 for a failure, 2 for a wrong command line. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command line with its converters. It prints an error as one sentence; the stack trace goes to the log only. */
    static CommandLine commandLine() {
        CommandLine program = new CommandLine(new LabProgram());
        program.setCaseInsensitiveEnumValuesAllowed(true);
        Converters.registerIn(program);
        program.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof InterruptedException || Thread.interrupted()) {
                command.getErr().println("lab: Interrupted.");
                return 1;
            }
            boolean expected = failure instanceof LabException
                    || failure instanceof HostDriverException
                    || failure instanceof IllegalArgumentException;
            if (!expected) {
                LOG.error("{} failed", command.getCommandName(), failure);
            }
            LOG.debug("{} failed", command.getCommandName(), failure);
            command.getErr().println(Ansi.AUTO.string("@|red lab:|@ ") + failure.getMessage());
            return failure instanceof IllegalArgumentException ? 2 : 1;
        });
        return program;
    }
}
