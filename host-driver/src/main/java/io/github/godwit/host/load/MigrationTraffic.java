package io.github.godwit.host.load;

import io.github.godwit.host.nic.NetworkTracker.Counters;
import io.github.godwit.host.nic.RateWindow;
import io.github.godwit.model.profile.Traffic;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The traffic of migrations to and from this host: that of the TCP connections of each QEMU that takes part in one, averaged over the same
 * time as that of NICs. What a connection carried before its QEMU was first seen in a migration is not counted. Connections of QEMU to
 * storage count too while it migrates; RDMA and tunnels of libvirt do not.
 */
public final class MigrationTraffic implements Supplier<Optional<Traffic>> {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationTraffic.class);

    private static final Counters NOTHING = new Counters(0, 0);

    private final Supplier<Set<Long>> pids;
    private final QemuSockets sockets;
    private final LongSupplier nanoClock;
    private final RateWindow window = new RateWindow(Duration.ofMillis(3_900));
    private Set<Long> followed = Set.of();
    private Map<Long, Counters> counted = Map.of();
    private long in;
    private long out;
    private boolean known;

    /**
     * Knows nothing before the first {@link #sample}.
     *
     * @param pids    process ids of the QEMUs that migrate
     * @param sockets reads their connections
     */
    public MigrationTraffic(Supplier<Set<Long>> pids, QemuSockets sockets) {
        this(pids, sockets, System::nanoTime);
    }

    MigrationTraffic(Supplier<Set<Long>> pids, QemuSockets sockets, LongSupplier nanoClock) {
        this.pids = pids;
        this.sockets = sockets;
        this.nanoClock = nanoClock;
    }

    /** Takes a sample; to be called every two seconds. */
    public synchronized void sample() {
        try {
            Set<Long> now = Set.copyOf(pids.get());
            Map<Long, Counters> connections = new HashMap<>();
            for (Map.Entry<Long, Counters> each : sockets.of(common(now)).entrySet()) {
                add(each.getValue(), counted.getOrDefault(each.getKey(), NOTHING));
                connections.put(each.getKey(), each.getValue());
            }
            // A QEMU that is new here may have talked to its storage for weeks.
            Set<Long> fresh = new HashSet<>(now);
            fresh.removeAll(followed);
            connections.putAll(sockets.of(fresh));
            counted = connections;
            followed = now;
            window.add(nanoClock.getAsLong(), in, out);
            known = true;
        } catch (IOException e) {
            LOG.debug("The traffic of migrations is unknown", e);
            followed = Set.of();
            known = false;
        }
    }

    private Set<Long> common(Set<Long> now) {
        Set<Long> both = new HashSet<>(now);
        both.retainAll(followed);
        return both;
    }

    private void add(Counters now, Counters earlier) {
        in += Math.max(0, now.in() - earlier.in());
        out += Math.max(0, now.out() - earlier.out());
    }

    /** The mean rates, with the directions of this host; zero without a migration, empty if they are unknown. */
    @Override
    public synchronized Optional<Traffic> get() {
        return known ? Optional.of(window.mean()) : Optional.empty();
    }
}
