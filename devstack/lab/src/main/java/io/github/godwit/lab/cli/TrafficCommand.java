package io.github.godwit.lab.cli;

import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.BackgroundTraffic;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.unit.Bandwidth;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab traffic}: background traffic of a host. */
@Command(
        name = "traffic",
        mixinStandardHelpOptions = true,
        description = "Starts or stops background traffic on a host's link (iperf3, TCP).",
        footer = {
            "",
            "Examples:",
            "  lab traffic h1 out 500mbit",
            "  lab traffic h1 in 200mbit --seconds 60",
            "  lab traffic h1 off"
        })
final class TrafficCommand implements Callable<Integer> {

    private static final int MOST_SECONDS = 3600;

    /** Direction of the traffic, seen from the host. */
    enum Direction {
        in,
        out,
        off
    }

    @Mixin
    private LabOption option;

    @Parameters(index = "0", paramLabel = "HOST", description = "The host.")
    private String host;

    @Parameters(index = "1", paramLabel = "in|out|off", description = "Into the host, out of it, or stop all traffic.")
    private Direction direction;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "RATE",
            description = "Rate of the traffic, for example 500mbit.")
    private Bandwidth rate;

    @Option(
            names = "--seconds",
            defaultValue = "600",
            description = "Seconds after which it stops (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Lab lab = option.require();
        LabHost target = lab.host(host);
        BackgroundTraffic traffic =
                new BackgroundTraffic(new SystemCommands(), lab.name().peer(), lab.peerAddress());
        if (direction == Direction.off) {
            traffic.stop(target);
            return 0;
        }
        if (rate == null || rate.bitsPerSecond() == 0) {
            throw new IllegalArgumentException("Give a rate above zero, for example 500mbit.");
        }
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new IllegalArgumentException(
                    "The number of seconds (%d) must be from 1 to %d.".formatted(seconds, MOST_SECONDS));
        }
        traffic.start(target, direction == Direction.out, rate, seconds);
        Output.of(spec).say("%s %s %s for %d s".formatted(rate, direction, host, seconds));
        return 0;
    }
}
