package io.github.godwit.strategy.cli;

import io.github.godwit.common.manual.ManualCommand;
import java.io.PrintWriter;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The program {@code godwit-strategy}. It exits with 0 on success, 1 on failure and 2 on wrong usage. It prints an error as one
 * sentence and writes the stack trace to the debug log.
 */
@Command(
        name = "godwit-strategy",
        description = "Decides which VMs to migrate, chooses the technique of each migration, and runs the migrations.",
        mixinStandardHelpOptions = true,
        version = "godwit-strategy 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            ServeServiceCommand.class,
            PoliciesCommand.class,
            TrafficClassesCommand.class,
            SwitchCommand.class,
            AccessCommand.class,
            TrailCommand.class,
            ReportCommand.class,
            ReplayLoadCommand.class,
            ManualCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  godwit-strategy policies",
            "  godwit-strategy run --strategy hotspot --policy ensure_performance \\",
            "      --hosts http://10.0.0.1:9622,http://10.0.0.2:9622 --dry-run",
            "  godwit-strategy serve --noauth --data /tmp/godwit --hosts http://10.0.0.1:9622",
            "  godwit-strategy traffic-classes set batch --urgency low --lower 60%% --upper 90%%",
            "  godwit-strategy switch off --reason 'network maintenance'",
            "  godwit-strategy report --since 7d",
            "  godwit-strategy trail --since 24h",
            "  godwit-strategy replay-load --trace load.csv.gz --json replay.json",
            "  godwit-strategy run --help"
        })
public final class GodwitStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(GodwitStrategy.class);
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private GodwitStrategy() {}

    /** Runs the program. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The program; tests run it with other streams than the standard ones. */
    static CommandLine commandLine() {
        CommandLine program = new CommandLine(new GodwitStrategy());
        program.setCaseInsensitiveEnumValuesAllowed(true);
        program.setUsageHelpWidth(100);
        program.setParameterExceptionHandler((e, arguments) -> wrongUsage(e));
        program.setExecutionExceptionHandler((e, failed, result) -> failed(e, failed.getErr()));
        return program;
    }

    private static int wrongUsage(ParameterException e) {
        LOG.debug("Wrong usage.", e);
        PrintWriter err = e.getCommandLine().getErr();
        err.println("godwit-strategy: " + e.getMessage());
        err.println(
                "Try '%s --help'.".formatted(e.getCommandLine().getCommandSpec().qualifiedName()));
        err.flush();
        return WRONG_USAGE;
    }

    private static int failed(Exception e, PrintWriter err) {
        LOG.debug("Failed.", e);
        String message = e instanceof InterruptedException
                ? "Interrupted; nothing was migrated."
                : Optional.ofNullable(e.getMessage())
                        .orElse("Internal error: " + e.getClass().getName() + "; see the debug log.");
        err.println("godwit-strategy: " + message);
        err.flush();
        return FAILED;
    }
}
