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
 * What goes over each network interface of this host, NICs and VMs' taps (SPEC T1): the kernel's byte counters, read once a
 * second and averaged over the last four. Everything is counted, a migration's own bytes too. Interfaces may come and go.
 */
public final class NetworkTracker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkTracker.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    // A little less than four periods, so that a sample that comes early still ends the window.
    private static final Duration WINDOW = Duration.ofMillis(3_900);

    private final Path interfaces;
    private final LongSupplier nanoClock;
    private final Map<String, RateWindow> windows = new HashMap<>();
    private final Ticker ticker;

    /**
     * Starts to read, on a thread of its own.
     *
     * @param sysfs where sysfs is mounted: {@code /sys}
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
     * The rates of one interface, seen from this host.
     *
     * @return {@link Traffic#NONE} for an interface that is not there, or not for a second yet
     */
    public synchronized Traffic traffic(String interfaceName) {
        RateWindow window = windows.get(interfaceName);
        return window == null ? Traffic.NONE : window.mean();
    }

    /** The rates of a VM's tap, seen from the VM: what the host sends into the tap is what the VM receives. */
    public Traffic vmTraffic(String tap) {
        Traffic host = traffic(tap);
        return new Traffic(host.out(), host.in());
    }

    /** Reads no more. */
    @Override
    public void close() {
        ticker.close();
    }

    /** Reads the counters of all interfaces once. */
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
            LOG.warn("Cannot list the network interfaces in {}: their traffic counts as none.", interfaces, e);
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
            // It went between the listing and the reading, or is no interface (bonding_masters).
            return false;
        }
    }

    private static long counter(Path file) throws IOException {
        return Long.parseUnsignedLong(Files.readString(file).strip());
    }
}
