package io.github.godwit.host.vm;

import io.github.godwit.host.net.Command;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The taps of VMs, in the network namespace of the host driver. A tap outlives QEMU, so whoever made it has to remove it. One that the kernel
 * does not remove is kept in mind in a directory, so that it is removed later, if necessary by the next host driver. Safe for use by several
 * threads.
 */
public final class Taps {

    private static final Logger LOG = LoggerFactory.getLogger(Taps.class);

    /** The kernel needs milliseconds, but a lock that other programs hold may delay it. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Command commands;
    private final Path leftovers;

    /**
     * The taps of this process's network namespace.
     *
     * @param leftovers directory with the names of taps that are still to be removed; it need not exist
     */
    public Taps(Path leftovers) {
        this(leftovers, new Command(List.of(), TIMEOUT));
    }

    Taps(Path leftovers, Command commands) {
        this.leftovers = leftovers;
        this.commands = commands;
    }

    /**
     * Makes a tap and attaches it to a bridge. A tap of this name that is left from an earlier VM is replaced.
     *
     * @throws IOException if the kernel refuses, for example because there is no such bridge; then no tap is left
     */
    synchronized void create(String tap, String bridge) throws IOException {
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

    /**
     * Removes a tap; does nothing if it does not exist. If the kernel refuses, {@link #removeLeftovers} tries again.
     *
     * @throws IOException if the kernel refuses, and it cannot be recorded that the tap is still there
     */
    synchronized void remove(String tap) throws IOException {
        Path record = leftovers.resolve(tap);
        Optional<String> failure = delete(tap);
        if (failure.isEmpty()) {
            Files.deleteIfExists(record);
        } else if (!Files.exists(record)) {
            LOG.warn("Cannot remove tap {}, which is tried again until it works: {}", tap, failure.get());
            Files.createDirectories(leftovers);
            Files.createFile(record);
        }
    }

    /** Tries again to remove what could not be removed, also by an earlier host driver; to be called every few seconds. */
    synchronized void removeLeftovers() {
        if (!Files.isDirectory(leftovers)) {
            return;
        }
        try (DirectoryStream<Path> records = Files.newDirectoryStream(leftovers)) {
            for (Path record : records) {
                remove(record.getFileName().toString());
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("Cannot remove the taps in {}: {}", leftovers, e.toString());
        }
    }

    /** Why a tap is still there; empty if it is not. */
    private Optional<String> delete(String tap) {
        try {
            Command.Result result = commands.run(List.of("ip", "link", "delete", "dev", tap), "");
            return result.exitCode() == 0 || result.error().contains("Cannot find device")
                    ? Optional.empty()
                    : Optional.of(result.errorLine());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
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
