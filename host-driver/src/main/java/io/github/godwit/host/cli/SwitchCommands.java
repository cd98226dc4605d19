package io.github.godwit.host.cli;

import io.github.godwit.common.cli.TlsOptions;
import io.github.godwit.host.access.Token;
import io.github.godwit.hostapi.HostSwitch;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverTimeouts;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-host off}, {@code on} and {@code status}: the switch of a host whose VMs Nova manages. */
final class SwitchCommands {

    private SwitchCommands() {}

    /** The host driver to speak to, and how to print its answer. */
    static final class Target {

        @Option(
                names = "--url",
                defaultValue = "http://127.0.0.1:9622",
                showDefaultValue = Visibility.ALWAYS,
                description = "URL of the host driver: the address and port of its --listen.")
        private URI url;

        @ArgGroup(exclusive = false)
        private TlsOptions tls = new TlsOptions();

        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                description =
                        "File with the token of the host drivers. Needed unless it was started without one, or with TLS: then the"
                                + " certificate of the service or of that host suffices.")
        private Optional<Path> tokenFile = Optional.empty();

        @Option(names = "--json", description = "Prints JSON.")
        private boolean asJson;

        HostDriverClient client() throws IOException {
            String token = tokenFile.isPresent() ? Token.read(tokenFile.get()).secret() : null;
            return HostDriverClient.sharing(token, HostDriverTimeouts.DEFAULT, tls.load())
                    .apply(url);
        }

        int print(HostSwitch position, CommandSpec spec) throws IOException {
            PrintWriter out = spec.commandLine().getOut();
            if (asJson) {
                out.println(WireJson.strictMapper().writeValueAsString(position));
            } else if (position.enabled()) {
                out.println(
                        "Godwit is on" + (position.since() == null ? "." : ", since %s.".formatted(position.since())));
            } else {
                out.println("Godwit is off, since %s: %s".formatted(position.since(), position.reason()));
            }
            out.flush();
            return 0;
        }
    }

    @Command(
            name = "off",
            description =
                    "Switches Godwit off on a host: Nova uses its own flags for all migrations from there, decisions that wait for Nova are"
                            + " dropped, and migrations in flight are left to Nova. It stays off over restarts.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  godwit-host off --reason 'live migrations fail, ticket 1234'",
                "  godwit-host off --reason 'ticket 1234' --url https://compute1:9622 --tls-ca /etc/godwit/ca.pem \\",
                "      --tls-certificate /etc/godwit/host.pem --tls-key /etc/godwit/host.key"
            })
    static final class Off implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private Target target;

        @Option(
                names = "--reason",
                required = true,
                paramLabel = "TEXT",
                description = "Why; it is shown wherever a technique is missed, at most 255 characters.")
        private String reason;

        @Override
        public Integer call() throws Exception {
            return target.print(target.client().turn(new HostSwitch(false, reason, null)), spec);
        }
    }

    @Command(
            name = "on",
            description = "Switches Godwit on again on a host. Migrations that were left to Nova stay with it.",
            mixinStandardHelpOptions = true)
    static final class On implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private Target target;

        @Override
        public Integer call() throws Exception {
            return target.print(target.client().turn(HostSwitch.ON), spec);
        }
    }

    @Command(
            name = "status",
            description = "Prints whether Godwit is switched on on a host, and since when and why not.",
            mixinStandardHelpOptions = true)
    static final class Status implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private Target target;

        @Override
        public Integer call() throws Exception {
            return target.print(target.client().hostSwitch(), spec);
        }
    }
}
