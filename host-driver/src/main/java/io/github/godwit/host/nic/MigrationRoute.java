package io.github.godwit.host.nic;

import io.github.godwit.host.nic.NetDevices.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The NICs by which migrations leave this host: the usual one, and the one to each peer as the kernel routes it. Routes are asked for again
 * after ten seconds, and a change is logged. Thread-safe.
 *
 * <p>The usual NIC is the one that the operator named, or else the one that has the address at which this host receives migrations. It also
 * stands for a peer whose route cannot be found, and for a device that says nothing about the wire (a port of Open vSwitch, a tunnel) where
 * the operator named one.
 */
public final class MigrationRoute {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationRoute.class);
    private static final long VALID_NANOS = Duration.ofSeconds(10).toNanos();

    /** More peers than a host migrates to in ten seconds. */
    private static final int MOST_PEERS = 64;

    /** Devices that say nothing about the wire if they carry their own traffic. */
    private static final Set<Kind> WITHOUT_WIRE = EnumSet.of(Kind.OTHER, Kind.TAP, Kind.BRIDGE);

    private final NetDevices devices;
    private final Carriers carriers;
    private final Optional<String> given;
    private final Optional<InetAddress> own;
    private final RouteLookup lookup;
    private final LongSupplier nanoClock;
    private final Map<InetAddress, Answer> answers = new LinkedHashMap<>(MOST_PEERS, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Answer> eldest) {
            return size() > MOST_PEERS;
        }
    };

    private record Answer(Optional<OutgoingNic> nic, long at) {}

    /**
     * Knows no route yet.
     *
     * @param devices the devices of this host
     * @param given   the NIC that the operator named
     * @param own     the address at which this host receives migrations
     * @param lookup  asks the kernel for routes
     */
    public MigrationRoute(NetDevices devices, Optional<String> given, Optional<InetAddress> own, RouteLookup lookup) {
        this(devices, given, own, lookup, System::nanoTime);
    }

    MigrationRoute(
            NetDevices devices,
            Optional<String> given,
            Optional<InetAddress> own,
            RouteLookup lookup,
            LongSupplier nanoClock) {
        this.devices = devices;
        this.carriers = new Carriers(devices);
        this.given = given;
        this.own = own;
        this.lookup = lookup;
        this.nanoClock = nanoClock;
    }

    /** The usual NIC; empty if none was named and the address is on none but the loopback device. */
    public Optional<OutgoingNic> nic() {
        return given.or(this::withOwnAddress).map(this::outgoing);
    }

    /** The NIC to a peer; empty if nothing leaves this host on the way there, or if neither its route nor the usual NIC is known. */
    public Optional<OutgoingNic> nicTo(InetAddress peer) {
        Answer before;
        synchronized (answers) {
            before = answers.get(peer);
        }
        if (before != null && nanoClock.getAsLong() - before.at() < VALID_NANOS) {
            return before.nic();
        }
        Optional<OutgoingNic> now = ask(peer);
        if (before != null && !before.nic().equals(now)) {
            LOG.info(
                    "Migrations to {} now leave by {}, not by {}",
                    peer.getHostAddress(),
                    named(now),
                    named(before.nic()));
        }
        synchronized (answers) {
            answers.put(peer, new Answer(now, nanoClock.getAsLong()));
        }
        return now;
    }

    /** The usual NIC and those to the peers that were asked for lately. */
    public Set<OutgoingNic> known() {
        Set<OutgoingNic> all = new LinkedHashSet<>();
        nic().ifPresent(all::add);
        synchronized (answers) {
            answers.values().forEach(answer -> answer.nic().ifPresent(all::add));
        }
        return all;
    }

    /** What carries their traffic: the devices that lose their carrier if the link breaks. */
    public Set<String> carriers() {
        Set<String> all = new LinkedHashSet<>();
        known().forEach(nic -> all.addAll(nic.carriers()));
        return all;
    }

    private Optional<OutgoingNic> ask(InetAddress peer) {
        try {
            Optional<RouteLookup.Route> route = lookup.to(peer);
            if (route.isPresent()) {
                return route.get().local()
                        ? Optional.empty()
                        : Optional.of(preferred(route.get().device()));
            }
        } catch (IOException e) {
            LOG.debug("No route to {}", peer.getHostAddress(), e);
        }
        return nic();
    }

    /** The operator's NIC if it leads to the same wire as the routed device, or if that leads to none that is known. */
    private OutgoingNic preferred(String routed) throws IOException {
        OutgoingNic found = outgoing(routed);
        Optional<OutgoingNic> named = given.map(this::outgoing);
        if (named.isEmpty() || named.get().device().equals(routed)) {
            return found;
        }
        boolean unknown =
                found.isItsOwnCarrier() && WITHOUT_WIRE.contains(devices.kind(routed)) && !lookup.isVeth(routed);
        return unknown || named.get().carriers().equals(found.carriers()) ? named.get() : found;
    }

    private OutgoingNic outgoing(String device) {
        return new OutgoingNic(device, carriers.of(device));
    }

    private Optional<String> withOwnAddress() {
        if (own.isEmpty()) {
            return Optional.empty();
        }
        try {
            NetworkInterface found = NetworkInterface.getByInetAddress(own.get());
            return found == null || found.isLoopback() ? Optional.empty() : Optional.of(found.getName());
        } catch (SocketException e) {
            LOG.debug("No network interface has {}", own.get().getHostAddress(), e);
            return Optional.empty();
        }
    }

    private static String named(Optional<OutgoingNic> nic) {
        return nic.map(OutgoingNic::toString).orElse("no NIC");
    }
}
