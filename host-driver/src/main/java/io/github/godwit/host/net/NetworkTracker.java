package io.github.godwit.host.net;

import io.github.godwit.model.profile.Traffic;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network tracker of [Thesis 2025]: the traffic of each network interface of this host, NICs and taps of VMs. It reads the
 * kernel's byte counters once a second and averages over the last four seconds. All bytes count, including those of migrations.
 * Interfaces may appear and disappear.
 */
public final class NetworkTracker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkTracker.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    // Slightly less than four periods, so that a sample that is taken early still completes the window.
    private static final Duration WINDOW = Duration.ofMillis(3_900);

    private final Path interfaces;
    private final LongSupplier nanoClock;
    private final Map<String, RateWindow> windows = new HashMap<>();
    private final Ticker ticker;

    /**
     * Starts to read the counters on its own thread.
     *
     * @param sysfs the mount point of sysfs, {@code /sys}
     */
    public NetworkTracker(Path sysfs) {
        this(sysfs, PERIOD, System::nanoTime);
    }

    NetworkTracker(Path sysfs, Duration period, LongSupplier nanoClock) {
        this.interfaces = sysfs.resolve("class/net");
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
        RateWindow window = windows.get(interfaceName);
        return window == null ? Traffic.NONE : window.mean();
    }

    /** The mean rates of a VM's tap, with the directions as the VM sees them: what the host sends, the VM receives. */
    public Traffic vmTraffic(String tap) {
        Traffic host = traffic(tap);
        return new Traffic(host.out(), host.in());
    }

    /** Stops reading. */
    @Override
    public void close() {
        ticker.close();
    }

    /** Reads the counters of all interfaces. */
    synchronized void sample() {
        Set<String> seen = new HashSet<>();
        try (DirectoryStream<Path> directory = Files.newDirectoryStream(interfaces)) {
            for (Path each : directory) {
                String name = each.getFileName().toString();
                if (sample(name, each.resolve("statistics"))) {
                    seen.add(name);
                }
            }
        } catch (IOException e) {
            LOG.warn("Cannot list the network interfaces in {}: their traffic is reported as zero.", interfaces, e);
        }
        windows.keySet().retainAll(seen);
    }

    private boolean sample(String name, Path statistics) {
        try {
            long received = counter(statistics.resolve("rx_bytes"));
            long sent = counter(statistics.resolve("tx_bytes"));
            windows.computeIfAbsent(name, any -> new RateWindow(WINDOW)).add(nanoClock.getAsLong(), received, sent);
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
