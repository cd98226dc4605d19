package io.github.godwit.host.vm;

import io.github.godwit.host.net.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The taps of VMs, in the network namespace of the host driver. A tap outlives QEMU, so whoever made it has to remove it. */
public final class Taps {

    private static final Logger LOG = LoggerFactory.getLogger(Taps.class);

    /** The kernel needs milliseconds, but a lock that other programs hold may delay it. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Command commands;

    /** The taps of this process's network namespace. */
    public Taps() {
        this(new Command(List.of(), TIMEOUT));
    }

    Taps(Command commands) {
        this.commands = commands;
    }

    /**
     * Makes a tap and attaches it to a bridge. A tap of this name that is left from an earlier VM is replaced.
     *
     * @throws IOException if the kernel refuses, for example because there is no such bridge; then no tap is left
     */
    void create(String tap, String bridge) throws IOException {
        remove(tap);
        ip("Cannot create tap %s".formatted(tap), "tuntap", "add", "dev", tap, "mode", "tap");
        try {
            ip(
                    "Cannot attach tap %s to bridge '%s'. Create the bridge on this host, or name another"
                            .formatted(tap, bridge),
                    "link",
                    "set",
                    "dev",
                    tap,
                    "master",
                    bridge,
                    "up");
        } catch (IOException e) {
            remove(tap);
            throw e;
        }
    }

    /** Removes a tap; does nothing if it does not exist. A failure is logged. */
    void remove(String tap) {
        try {
            Command.Result result = commands.run(List.of("ip", "link", "delete", "dev", tap), "");
            if (result.exitCode() != 0 && !result.error().contains("Cannot find device")) {
                LOG.warn("Cannot remove tap {}: {}", tap, result.errorLine());
            }
        } catch (IOException e) {
            LOG.warn("Cannot remove tap {}: {}", tap, e.getMessage());
        }
    }

    private void ip(String failure, String... arguments) throws IOException {
        Command.Result result = commands.run(
                Stream.concat(Stream.of("ip"), Arrays.stream(arguments)).toList(), "");
        if (result.exitCode() != 0) {
            throw new IOException("%s: %s".formatted(failure, result.errorLine()));
        }
    }
}
