package io.github.godwit.host.net;

import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reserves bandwidth by the kernel's traffic control, with {@code tc} and {@code ip} of iproute2: an {@link HtbTree} on the NIC
 * for outbound traffic, and one on an ifb device for inbound traffic. The classes match addresses and port of the migration on
 * source and destination, as in [Thesis 2025].
 *
 * <p>The granted rate ({@link Reservation#rate()}) is the requested one, but at least 1 Mbit/s, and at most what other
 * reservations and 5 % for all other traffic leave of the link. If the rules were removed because the host driver was stopped for
 * longer than the lease, the rate is zero and {@link Reservation#adjust} fails.
 *
 * <p>The rules are removed when the last reservation of their direction is closed, at once if the host driver's process ends
 * for whatever reason, after the lease if it is stopped, and by the next host driver at its start ({@link Lease}). Each host
 * driver needs its own state directory, preferably on a tmpfs such as {@code /run/godwit}.
 */
public final class LinuxTrafficControl implements TrafficControl {

    /** How long rules outlive a host driver that does not renew them. */
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(LinuxTrafficControl.class);
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration MIN_LEASE = Duration.ofSeconds(1);
    private static final int RENEWALS_PER_LEASE = 3;
    private static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9_.:@-]{1,15}");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");

    private final String nic;
    private final Bandwidth link;
    private final Command command;
    private final Map<Direction, Shaper> shapers = new EnumMap<>(Direction.class);
    private final Ticker renewals;
    private final ReservationSupport support;
    private volatile boolean closed;

    /**
     * Creates traffic control with {@link #DEFAULT_LEASE}; see
     * {@link #LinuxTrafficControl(String, Bandwidth, Path, Duration)}.
     */
    public LinuxTrafficControl(String interfaceName, Bandwidth link, Path stateDirectory) {
        this(interfaceName, link, stateDirectory, DEFAULT_LEASE);
    }

    /**
     * Removes rules that an earlier host driver left on the NIC, and checks whether this host can reserve bandwidth; if it cannot,
     * {@link #support()} has the reason.
     *
     * @param interfaceName  the NIC with the migration address
     * @param link           the rate of its link
     * @param stateDirectory directory of the leases; created if it does not exist; nobody else may write to it
     * @param lease          how long rules outlive a host driver that does not renew them, at least 1 s
     * @throws IllegalArgumentException if the interface name is invalid, the rate is zero or the lease is too short
     */
    public LinuxTrafficControl(String interfaceName, Bandwidth link, Path stateDirectory, Duration lease) {
        this(interfaceName, link, stateDirectory, lease, new Command(List.of(), COMMAND_TIMEOUT));
    }

    LinuxTrafficControl(String interfaceName, Bandwidth link, Path stateDirectory, Duration lease, Command command) {
        if (!INTERFACE.matcher(interfaceName).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not a valid name of a network interface. 'ip link' lists the interfaces."
                            .formatted(interfaceName));
        }
        if (lease.compareTo(MIN_LEASE) < 0) {
            throw new IllegalArgumentException(
                    "The lease (%d ms) must be at least %d ms.".formatted(lease.toMillis(), MIN_LEASE.toMillis()));
        }
        Checks.positive("link rate", link.bitsPerSecond());
        this.nic = interfaceName;
        this.link = link;
        this.command = command;
        this.support = start(stateDirectory, lease);
        this.renewals = new Ticker(
                "tc-lease-renewal",
                lease.dividedBy(RENEWALS_PER_LEASE),
                () -> shapers.values().forEach(Shaper::renew));
        if (!support.available()) {
            LOG.warn("Cannot reserve bandwidth on {}: {}", nic, support.reason());
        }
    }

    private ReservationSupport start(Path stateDirectory, Duration lease) {
        try {
            LeaseScript script = LeaseScript.install(command, stateDirectory);
            String missing = script.missing();
            if (!missing.isEmpty()) {
                return unsupported(missing);
            }
            removeLeftovers(script);
            String objection = NicQdiscs.read(command, nic).objection();
            if (!objection.isEmpty()) {
                return unsupported(objection);
            }
            String instance = UUID.randomUUID().toString();
            for (Direction direction : Direction.values()) {
                shapers.put(direction, new Shaper(() -> attach(script, direction, instance, lease)));
            }
            return new ReservationSupport(true, "");
        } catch (IOException e) {
            return unsupported(e.getMessage());
        }
    }

    @Override
    public ReservationSupport support() {
        return support;
    }

    @Override
    public Reservation reserve(Flow flow, Bandwidth rate) throws IOException {
        requireIpv4(flow);
        if (!support.available()) {
            throw new IOException("Cannot reserve bandwidth for %s: %s.".formatted(flow.id(), support.reason()));
        }
        if (closed) {
            throw new IOException("Cannot reserve bandwidth for %s: the host driver is stopping.".formatted(flow.id()));
        }
        return shapers.get(flow.direction()).reserve(flow, rate);
    }

    @Override
    public void close() {
        closed = true;
        renewals.close();
        shapers.values().forEach(Shaper::close);
    }

    private void removeLeftovers(LeaseScript script) throws IOException {
        for (Direction direction : Direction.values()) {
            script.run("recover", leaseName(direction), "-", List.of());
        }
        // The state directory may be lost with the leases, so rules with Godwit's handles are removed as well.
        String instance = UUID.randomUUID().toString();
        script.run(
                "open",
                leaseName(Direction.EGRESS),
                instance,
                NicQdiscs.read(command, nic).leftovers(link));
        script.run("lift", leaseName(Direction.EGRESS), instance, List.of());
    }

    private Attachment attach(LeaseScript script, Direction direction, String instance, Duration duration)
            throws IOException {
        NicQdiscs now = NicQdiscs.read(command, nic);
        String objection = now.objection();
        if (!objection.isEmpty()) {
            throw new IOException("Cannot reserve bandwidth: %s.".formatted(objection));
        }
        AttachPoint point = now.attachPoint(direction, link);
        return Attachment.put(point, Lease.open(script, leaseName(direction), instance, duration, point.removal()));
    }

    private String leaseName(Direction direction) {
        return "lease-%s-%s".formatted(nic, direction.name().toLowerCase(Locale.ROOT));
    }

    private static ReservationSupport unsupported(String reason) {
        return new ReservationSupport(false, reason);
    }

    private static void requireIpv4(Flow flow) throws IOException {
        for (String address : List.of(flow.sourceAddress(), flow.destinationAddress())) {
            if (!IPV4.matcher(address).matches()) {
                throw new IOException(
                        "Cannot reserve bandwidth for %s: '%s' is not an IPv4 address, and only IPv4 is supported."
                                .formatted(flow.id(), address));
            }
        }
    }
}
