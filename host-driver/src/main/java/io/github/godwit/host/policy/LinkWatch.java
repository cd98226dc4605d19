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
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers when this host's migration link broke last: when the kernel counted a change of the carrier
 * ({@code /sys/class/net/NIC/carrier_changes}), or a migration failed because it lost its connection. Thread-safe.
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
    private final Optional<Path> carrierChanges;
    private final InstantSource clock;
    private long counted = UNKNOWN;
    private String event;
    private Instant at;

    /**
     * Watches the link of a host.
     *
     * @param host           name of this host
     * @param carrierChanges the kernel's counter for the NIC, if migrations have a NIC of their own
     * @param clock          for the times of breaks
     */
    public LinkWatch(String host, Optional<Path> carrierChanges, InstantSource clock) {
        this.host = host;
        this.carrierChanges = carrierChanges;
        this.clock = clock;
    }

    /** The kernel's counter for a NIC. */
    public static Path counterOf(String nic) {
        return Path.of("/sys/class/net", nic, "carrier_changes");
    }

    /** Reads the kernel's counter; to be called every few seconds. What it counted before the first call is not known to be recent. */
    public synchronized void poll() {
        long now = carrierChanges.map(LinkWatch::read).orElse(UNKNOWN);
        if (counted != UNKNOWN && now > counted) {
            remember("the link of %s dropped".formatted(host));
        }
        if (now != UNKNOWN) {
            counted = now;
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
        if (migration.phase() == Phase.FAILED && migration.progress() != null && isLost(migration.error())) {
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
