package io.github.godwit.host.nova.reserve;

import io.github.godwit.host.nova.permit.TechniqueRefusals;
import io.github.godwit.hostapi.PortRefusal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Destinations to which no migration goes by a port of its own, because a firewall blocks it or because SELinux does not let QEMU listen
 * there: libvirt chooses the port, for as long as a technique is left out ({@link TechniqueRefusals}). Thread-safe.
 */
public final class PortRefusals {

    private final InstantSource clock;
    private final Map<String, PortRefusal> refusals = new ConcurrentHashMap<>();

    /** No refusals yet. */
    public PortRefusals(InstantSource clock) {
        this.clock = clock;
    }

    /** Remembers a refusal, and returns until when the destination is asked for no port. */
    public PortRefusal remember(String destination, String words) {
        Instant now = clock.instant();
        return refusals.compute(destination, (host, known) -> {
            int times = known == null ? 1 : known.times() + 1;
            return new PortRefusal(host, words, now, now.plus(TechniqueRefusals.pause(times)), times);
        });
    }

    /** Whether a destination may be asked for a port. */
    public boolean permits(String destination) {
        PortRefusal known = refusals.get(destination);
        return known == null || !known.until().isAfter(clock.instant());
    }

    /** Clears what a migration to a port of its own has disproved. */
    public void succeeded(String destination) {
        refusals.remove(destination);
    }

    /** The refusals that are in effect, the latest first. */
    public List<PortRefusal> inEffect() {
        return refusals.values().stream()
                .filter(each -> !permits(each.destination()))
                .sorted(Comparator.comparing(PortRefusal::refusedAt).reversed())
                .toList();
    }
}
