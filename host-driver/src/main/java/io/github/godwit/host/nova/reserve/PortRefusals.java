package io.github.godwit.host.nova.reserve;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Destinations to which a migration with a port of its own failed, for example because SELinux does not let QEMU listen there: for an hour
 * libvirt chooses the port again.
 */
public final class PortRefusals {

    private static final Duration HOLDS = Duration.ofHours(1);

    private final InstantSource clock;
    private final Map<String, Instant> until = new ConcurrentHashMap<>();

    /** No refusals yet. */
    public PortRefusals(InstantSource clock) {
        this.clock = clock;
    }

    /** Takes note of a refusal. */
    public void remember(String destination) {
        until.put(destination, clock.instant().plus(HOLDS));
    }

    /** Whether a destination may be asked for a port. */
    public boolean permits(String destination) {
        Instant end = until.get(destination);
        return end == null || clock.instant().isAfter(end);
    }
}
