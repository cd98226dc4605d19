package io.github.godwit.strategy.cli;

import java.io.PrintWriter;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The program {@code godwit-strategy}. It ends with 0 when all went well, 1 when something could not be done and 2 when it was
 * called wrongly; an error is one sentence, its stack trace goes to the debug log.
 */
@Command(
        name = "godwit-strategy",
        description = "Decides which VMs should change hosts, chooses how each is migrated, and has it done.",
        mixinStandardHelpOptions = true,
        version = "godwit-strategy 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RunCommand.class, ServeServiceCommand.class, PoliciesCommand.class},
        footer = {
            "",
            "Examples:",
            "  godwit-strategy policies",
            "  godwit-strategy run --strategy hotspot --policy ensure_performance \\",
            "      --hosts http://10.0.0.1:9622,http://10.0.0.2:9622 --dry-run",
            "  godwit-strategy serve --noauth --data /tmp/godwit --hosts http://10.0.0.1:9622",
            "  godwit-strategy run --help"
        })
public final class GodwitStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(GodwitStrategy.class);
    private static final int FAILED = 1;
    private static final int CALLED_WRONGLY = 2;

    private GodwitStrategy() {}

    /** Runs the program. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The program, to be run with other streams than the standard ones. */
    static CommandLine commandLine() {
        CommandLine program = new CommandLine(new GodwitStrategy());
        program.setCaseInsensitiveEnumValuesAllowed(true);
        program.setUsageHelpWidth(100);
        program.setParameterExceptionHandler((e, arguments) -> calledWrongly(e));
        program.setExecutionExceptionHandler((e, failed, result) -> failed(e, failed.getErr()));
        return program;
    }

    private static int calledWrongly(ParameterException e) {
        LOG.debug("Called wrongly.", e);
        PrintWriter err = e.getCommandLine().getErr();
        err.println("godwit-strategy: " + e.getMessage());
        err.println(
                "Try '%s --help'.".formatted(e.getCommandLine().getCommandSpec().qualifiedName()));
        err.flush();
        return CALLED_WRONGLY;
    }

    private static int failed(Exception e, PrintWriter err) {
        LOG.debug("Failed.", e);
        String message = e instanceof InterruptedException
                ? "Interrupted; nothing was migrated."
                : Optional.ofNullable(e.getMessage())
                        .orElse("It failed by a " + e.getClass().getName() + ".");
        err.println("godwit-strategy: " + message);
        err.flush();
        return FAILED;
    }
}
