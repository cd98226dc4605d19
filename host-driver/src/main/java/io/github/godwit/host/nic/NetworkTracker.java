package io.github.godwit.host.nic;

import io.github.godwit.host.common.Ticker;
import io.github.godwit.model.profile.Traffic;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network tracker of [Thesis 2025]: the traffic of each network interface of this host, NICs and taps of VMs. It reads the
 * kernel's byte counters once a second and averages over the last four seconds. All bytes count, including those of migrations.
 * Interfaces may appear and disappear.
 *
 * <p>A VM's traffic has the directions of the VM: what the host sends to a tap, the VM receives. The counters of a macvtap and of an ipvtap
 * have these directions already. A device of the host that the VM drives itself (SR-IOV) has no interface here, and no traffic.
 */
public final class NetworkTracker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkTracker.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    // Slightly less than four periods, so that a sample that is taken early still completes the window.
    private static final Duration WINDOW = Duration.ofMillis(3_900);

    private final NetDevices devices;
    private final LongSupplier nanoClock;
    private final Map<String, Tracked> tracked = new HashMap<>();
    private final Ticker ticker;

    /**
     * What an interface has carried since it was created.
     *
     * @param in  bytes received
     * @param out bytes sent
     */
    public record Counters(long in, long out) {

        Counters plus(Counters other) {
            return new Counters(in + other.in, out + other.out);
        }

        private Counters reversed() {
            return new Counters(out, in);
        }
    }

    /** An interface; its counters may have the directions of its VM. */
    private record Tracked(RateWindow window, boolean reversed) {

        Traffic ofVm() {
            Traffic host = window.mean();
            return reversed ? host : new Traffic(host.out(), host.in());
        }

        Counters countersOfVm() {
            return reversed ? window.last() : window.last().reversed();
        }
    }

    /**
     * Starts to read the counters on its own thread.
     *
     * @param sysfs the mount point of sysfs, {@code /sys}
     */
    public NetworkTracker(Path sysfs) {
        this(sysfs, PERIOD, System::nanoTime);
    }

    /** The same with another period between two samples, and another clock. */
    public NetworkTracker(Path sysfs, Duration period, LongSupplier nanoClock) {
        this.devices = new NetDevices(sysfs);
        this.nanoClock = nanoClock;
        sample();
        this.ticker = new Ticker("network-tracker", period, this::sample);
    }

    /**
     * The mean rates of one interface, with the directions as this host sees them.
     *
     * @return {@link Traffic#NONE} if there is no such interface, or if it appeared less than a second ago
     */
    public synchronized Traffic traffic(String interfaceName) {
        Tracked found = tracked.get(interfaceName);
        return found == null ? Traffic.NONE : found.window().mean();
    }

    /** The mean rates of several interfaces together, with the directions as this host sees them. */
    public Traffic traffic(Collection<String> interfaceNames) {
        return interfaceNames.stream().map(this::traffic).reduce(Traffic.NONE, Traffic::plus);
    }

    /** The mean rates of a VM's interfaces together, with the directions as the VM sees them; zero without interfaces. */
    public synchronized Traffic vmTraffic(Collection<String> taps) {
        return present(taps).map(Tracked::ofVm).reduce(Traffic.NONE, Traffic::plus);
    }

    /** The counters of one interface, with the directions as this host sees them; empty if there is no such interface. */
    public synchronized Optional<Counters> counters(String interfaceName) {
        return Optional.ofNullable(tracked.get(interfaceName))
                .map(found -> found.window().last());
    }

    /** The counters of a VM's interfaces together, with the directions as the VM sees them; empty if none of them is here. */
    public synchronized Optional<Counters> vmCounters(Collection<String> taps) {
        return present(taps).map(Tracked::countersOfVm).reduce(Counters::plus);
    }

    private Stream<Tracked> present(Collection<String> names) {
        return names.stream().map(tracked::get).filter(Objects::nonNull);
    }

    /** Stops reading. */
    @Override
    public void close() {
        ticker.close();
    }

    /** Reads the counters of all interfaces. */
    public synchronized void sample() {
        Set<String> seen = new HashSet<>();
        try (DirectoryStream<Path> directory = Files.newDirectoryStream(devices.directory())) {
            for (Path each : directory) {
                String name = each.getFileName().toString();
                if (sample(name, each.resolve("statistics"))) {
                    seen.add(name);
                }
            }
        } catch (IOException e) {
            LOG.warn(
                    "Cannot list the network interfaces in {}: their traffic is reported as zero.",
                    devices.directory(),
                    e);
        }
        tracked.keySet().retainAll(seen);
    }

    private boolean sample(String name, Path statistics) {
        try {
            long received = counter(statistics.resolve("rx_bytes"));
            long sent = counter(statistics.resolve("tx_bytes"));
            tracked.computeIfAbsent(name, any -> new Tracked(new RateWindow(WINDOW), devices.hasDirectionsOfVm(name)))
                    .window()
                    .add(nanoClock.getAsLong(), received, sent);
            return true;
        } catch (IOException | NumberFormatException e) {
            // The interface disappeared after it was listed, or this is not an interface (bonding_masters).
            return false;
        }
    }

    private static long counter(Path file) throws IOException {
        return Long.parseUnsignedLong(Files.readString(file).strip());
    }
}
