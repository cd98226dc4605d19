package io.github.godwit.host.policy;

import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.technique.LinkDrop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers when a link broke last by which migrations leave this host: when the kernel counted a change of the carrier of its NIC
 * ({@code /sys/class/net/NIC/carrier_changes}), or a migration lost its connection: it
 * failed, or was recovered in post-copy. Thread-safe.
 */
public final class LinkWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LinkWatch.class);

    /** In the errors of QEMU and libvirt for a connection that was there and broke; a refused one was never there. */
    private static final List<String> LOST = List.of(
            "connection reset by peer",
            "broken pipe",
            "connection timed out",
            "no route to host",
            "network is unreachable",
            "network is down",
            "lost connection to destination",
            "keepalive timeout");

    private static final long UNKNOWN = -1;

    private final String host;
    private final Path sysfs;
    private final Supplier<Set<String>> nics;
    private final InstantSource clock;
    private final Map<String, Long> counted = new HashMap<>();
    private String event;
    private Instant at;

    /**
     * Watches the links of a host.
     *
     * @param host  name of this host
     * @param sysfs the mount point of sysfs, {@code /sys}
     * @param nics  the NICs that migrations have left by; they may become more
     * @param clock for the times of breaks
     */
    public LinkWatch(String host, Path sysfs, Supplier<Set<String>> nics, InstantSource clock) {
        this.host = host;
        this.sysfs = sysfs;
        this.nics = nics;
        this.clock = clock;
    }

    /** Reads the kernel's counters; to be called every few seconds. What one counted before its first call is not known to be recent. */
    public synchronized void poll() {
        for (String nic : nics.get()) {
            long now = read(sysfs.resolve("class/net").resolve(nic).resolve("carrier_changes"));
            if (now == UNKNOWN) {
                continue;
            }
            Long before = counted.put(nic, now);
            if (before != null && now > before) {
                LOG.warn("The carrier of {} has changed", nic);
                remember("the link of %s dropped".formatted(host));
            }
        }
    }

    private static long read(Path file) {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException e) {
            LOG.debug("Cannot read {}", file, e);
            return UNKNOWN;
        }
    }

    /** Takes note of how a migration from this host ended. */
    public void ended(MigrationStatus migration) {
        boolean failed = migration.phase() == Phase.FAILED && migration.progress() != null && isLost(migration.error());
        if (failed || migration.recovery() != null) {
            remember("a migration from %s to %s lost its connection"
                    .formatted(migration.source(), migration.destination()));
        }
    }

    static boolean isLost(String error) {
        String text = error == null ? "" : error.toLowerCase(java.util.Locale.ROOT);
        return LOST.stream().anyMatch(text::contains);
    }

    private synchronized void remember(String what) {
        event = what;
        at = clock.instant();
        LOG.warn("No post-copy for {} min: {}", LinkDrop.CAUTION.toMinutes(), what);
    }

    /** The latest break, if there was one since this host driver was started. */
    public synchronized Optional<LinkDrop> latest() {
        if (event == null) {
            return Optional.empty();
        }
        Duration ago = Duration.between(at, clock.instant());
        return Optional.of(new LinkDrop(event, ago.isNegative() ? Duration.ZERO : ago));
    }
}
