package io.github.godwit.lab.cli;

import io.github.godwit.lab.client.ClientReport;
import io.github.godwit.lab.client.GuestClient;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.linux.LinuxGuest;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab client}: drives a Linux guest and measures what its client gets. */
@Command(
        name = "client",
        mixinStandardHelpOptions = true,
        description = "Drives a Linux guest from outside for a time, and prints its rate and the longest gap.",
        footer = {"", "Example:", "  lab client cache --seconds 10"})
final class ClientCommand implements Callable<Integer> {

    private static final int MOST_SECONDS = 3600;

    @Mixin
    private LabOption option;

    @Parameters(paramLabel = "NAME", description = "The VM.")
    private String name;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "Seconds after which it stops (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new IllegalArgumentException(
                    "The number of seconds (%d) must be from 1 to %d.".formatted(seconds, MOST_SECONDS));
        }
        Lab lab = option.require();
        LinuxGuest guest = LinuxGuest.of(lab.client(lab.hostOf(name)).vm(name).definition())
                .orElseThrow(() -> new IllegalArgumentException(
                        "VM '%s' has no Linux guest. Start one with 'lab vm start --guest linux'.".formatted(name)));
        Output output = Output.of(spec);
        try (GuestClient client = GuestClient.start(lab, guest)) {
            TimeUnit.SECONDS.sleep(seconds);
            ClientReport report = client.report();
            if (json) {
                output.json(report);
            } else {
                output.print("%s: %.1f %s; longest time without an answer %.0f ms, of the network %.0f ms"
                        .formatted(
                                guest,
                                report.rate(),
                                report.unit(),
                                report.serviceDowntimeMillis(),
                                report.networkGapMillis()));
            }
        }
        return 0;
    }
}
