package io.github.godwit.host.cli;

import io.github.godwit.common.ListenAddress;
import io.github.godwit.common.manual.ManualCommand;
import io.github.godwit.host.driver.HostDriver;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The program {@code godwit-host}. */
@Command(
        name = "godwit-host",
        description =
                "Godwit's host driver: profiles the VMs of a hypervisor host, chooses how to migrate them, and migrates them.",
        subcommands = {
            ServeCommand.class,
            ProbeCommand.class,
            AcceleratorCommand.class,
            ForecastCommand.class,
            SwitchCommands.Off.class,
            SwitchCommands.On.class,
            SwitchCommands.Status.class,
            ManualCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = GodwitHost.ProgramVersion.class,
        synopsisSubcommandLabel = "COMMAND")
public final class GodwitHost {

    private static final Logger LOG = LoggerFactory.getLogger(GodwitHost.class);

    private GodwitHost() {}

    /** Runs the program and exits: 0 for success, 1 for a failure, 2 for invalid arguments. */
    public static void main(String[] arguments) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new GodwitHost())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Bandwidth.class, Bandwidth::parse)
                .registerConverter(MemorySize.class, MemorySize::parse)
                .registerConverter(PortRange.class, PortRange::parse)
                .registerConverter(InetSocketAddress.class, GodwitHost::listenAddress)
                .setExecutionExceptionHandler(GodwitHost::report);
    }

    private static InetSocketAddress listenAddress(String text) {
        try {
            return ListenAddress.parse(text, "127.0.0.1:9622");
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** Prints the message of a failure; the stack trace is logged at debug level. */
    private static int report(Exception failure, CommandLine command, ParseResult parsed) {
        LOG.debug("The command failed", failure);
        PrintWriter err = command.getErr();
        err.println("godwit-host: " + (failure.getMessage() == null ? failure : failure.getMessage()));
        return failure instanceof IllegalArgumentException
                ? command.getCommandSpec().exitCodeOnInvalidInput()
                : command.getCommandSpec().exitCodeOnExecutionException();
    }

    /** The version for {@code --version}. */
    static final class ProgramVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"godwit-host " + HostDriver.version()};
        }
    }
}
