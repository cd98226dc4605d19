package io.github.godwit.host.net;

import io.github.godwit.host.common.Ticker;
import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.unit.Checks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reserves bandwidth by the kernel's traffic control, with {@code tc} and {@code ip} of iproute2: an {@link HtbTree} on the NIC
 * for outbound traffic, and one on an ifb device for inbound traffic. The classes match addresses and ports of the migration on
 * source and destination, as in [Thesis 2025].
 *
 * <p>The granted rate ({@link Reservation#rate()}) is the requested one, but at least 1 Mbit/s, and at most what other reservations and 5
 * % for all other traffic leave of the link. Those that yield divide what is left evenly ({@link Share}). Other traffic has no limit but the link itself, less 3 % where it queues only in the tree:
 * inbound, and outbound on a device without a queue. If the rules were removed because the host driver was stopped for longer than the
 * lease, or if somebody else has changed them, the rate is zero and {@link Reservation#adjust} fails.
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
    private static final int TICKS_PER_LOOK = 6;

    private final String nic;
    private final Settings settings;
    private final Command command;
    private final Map<Direction, Shaper> shapers = new EnumMap<>(Direction.class);
    private final Map<Direction, String> objections = new EnumMap<>(Direction.class);
    private final Ticker renewals;
    private volatile ReservationSupport support;
    private volatile boolean closed;
    private int ticks;

    /**
     * What an operator decides.
     *
     * @param link            the rate of the NIC
     * @param shapeMultiqueue whether one tree may replace the queues of a NIC of more than 10 Gbit/s
     * @param libvirtPorts    ports to which libvirt sends migrations
     * @param plannedPorts    ports of which each migration that arrives through libvirt gets one, outside of {@code libvirtPorts}; empty
     *                        to leave the choice to libvirt
     * @param state           directory of the leases; created if it does not exist; nobody else may write to it
     * @param lease           how long rules outlive a host driver that does not renew them, at least 1 s
     */
    public record Settings(
            LinkSpeed link,
            boolean shapeMultiqueue,
            PortRange libvirtPorts,
            Optional<PortRange> plannedPorts,
            Path state,
            Duration lease) {

        /** Settings that leave the choice of a migration's port to libvirt. */
        public Settings(LinkSpeed link, boolean shapeMultiqueue, PortRange libvirtPorts, Path state, Duration lease) {
            this(link, shapeMultiqueue, libvirtPorts, Optional.empty(), state, lease);
        }

        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if the interface name is invalid, the rate is zero or the lease is too short
         */
        public Settings {
            if (!INTERFACE.matcher(link.nic()).matches()) {
                throw new IllegalArgumentException(
                        "'%s' is not a valid name of a network interface. 'ip link' lists the interfaces."
                                .formatted(link.nic()));
            }
            if (lease.compareTo(MIN_LEASE) < 0) {
                throw new IllegalArgumentException(
                        "The lease (%d ms) must be at least %d ms.".formatted(lease.toMillis(), MIN_LEASE.toMillis()));
            }
            link.given().ifPresent(rate -> Checks.positive("link rate", rate.bitsPerSecond()));
        }

        NicQdiscs.Link now() {
            return new NicQdiscs.Link(link.rate(), link.most(), shapeMultiqueue);
        }
    }

    /**
     * Removes rules that an earlier host driver left on the NIC, and checks whether this host can reserve bandwidth; if it cannot,
     * {@link #support()} has the reason.
     */
    public LinuxTrafficControl(Settings settings) {
        this(settings, new Command(List.of(), COMMAND_TIMEOUT));
    }

    LinuxTrafficControl(Settings settings, Command command) {
        this.nic = settings.link().nic();
        this.settings = settings;
        this.command = command;
        this.support = start();
        this.renewals =
                new Ticker("tc-lease-renewal", settings.lease().dividedBy(RENEWALS_PER_LEASE), this::renewAndLook);
    }

    private ReservationSupport start() {
        try {
            LeaseScript script = LeaseScript.install(command, settings.state());
            String missing = script.missing();
            if (!missing.isEmpty()) {
                return unsupported(missing);
            }
            removeLeftovers(script);
            String instance = UUID.randomUUID().toString();
            for (Direction direction : Direction.values()) {
                shapers.put(
                        direction,
                        new Shaper(() -> attach(script, direction, instance), new ClassBytes(command)::bytes));
            }
            return examine();
        } catch (IOException e) {
            return unsupported(String.valueOf(e.getMessage()).replaceFirst("\\.$", ""));
        }
    }

    /** Renews the leases and, from time to time, looks what the NIC allows now: links come up, and operators change qdiscs. */
    private void renewAndLook() {
        shapers.values().forEach(Shaper::renew);
        ticks++;
        if (ticks % TICKS_PER_LOOK == 0
                && !shapers.isEmpty()
                && shapers.values().stream().allMatch(Shaper::idle)) {
            try {
                support = examine();
            } catch (IOException e) {
                LOG.warn("Cannot read the qdiscs of {}: {}", nic, e.getMessage());
            }
        }
    }

    private ReservationSupport examine() throws IOException {
        NicQdiscs now = NicQdiscs.read(command, nic);
        NicQdiscs.Link link = settings.now();
        for (Direction direction : Direction.values()) {
            String objection = now.objection(direction, link);
            if (!objection.equals(objections.put(direction, objection)) && !objection.isEmpty()) {
                LOG.warn(
                        "No bandwidth is reserved for migrations {} this host: {}. QEMU alone limits them",
                        direction == Direction.EGRESS ? "from" : "to",
                        objection);
            }
        }
        return ReservationSupport.of(objections.get(Direction.EGRESS), objections.get(Direction.INGRESS));
    }

    @Override
    public ReservationSupport support() {
        return support;
    }

    @Override
    public PortRange libvirtPorts() {
        return settings.libvirtPorts();
    }

    @Override
    public Optional<PortRange> plannedPorts() {
        return settings.plannedPorts();
    }

    @Override
    public Reservation reserve(Flow flow, Share share) throws IOException {
        FlowFilter.require(flow);
        Shaper shaper = shapers.get(flow.direction());
        if (shaper == null) {
            throw new IOException("Cannot reserve bandwidth for %s: %s.".formatted(flow.id(), support.reason()));
        }
        if (closed) {
            throw new IOException("Cannot reserve bandwidth for %s: the host driver is stopping.".formatted(flow.id()));
        }
        return shaper.reserve(flow, share);
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
        List<String> leftovers = NicQdiscs.read(command, nic).leftovers();
        script.run("open", leaseName(Direction.EGRESS), instance, leftovers);
        script.run("lift", leaseName(Direction.EGRESS), instance, List.of());
    }

    private Attachment attach(LeaseScript script, Direction direction, String instance) throws IOException {
        NicQdiscs now = NicQdiscs.read(command, nic);
        NicQdiscs.Link link = settings.now();
        String objection = now.objection(direction, link);
        if (!objection.isEmpty()) {
            throw new IOException("QEMU alone limits the migration: %s.".formatted(objection));
        }
        AttachPoint point = now.attachPoint(direction, link);
        Lease lease = Lease.open(script, leaseName(direction), instance, settings.lease(), point.removal());
        return Attachment.put(
                point.tree(),
                point.attach(),
                point.removal(),
                direction,
                lease,
                () -> NicQdiscs.read(command, nic).in(direction));
    }

    private String leaseName(Direction direction) {
        return "lease-%s-%s".formatted(nic, direction.name().toLowerCase(Locale.ROOT));
    }

    private ReservationSupport unsupported(String reason) {
        LOG.warn("Cannot reserve bandwidth on {}: {}. QEMU alone limits migrations", nic, reason);
        return ReservationSupport.of(reason, reason);
    }
}
