package io.github.godwit.host.nova.reserve;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.Arrivals;
import io.github.godwit.host.migrate.qemu.Incoming;
import io.github.godwit.host.migrate.rate.FlowReservation;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * VMs that libvirt receives: Godwit only reserves bandwidth for them, and keeps a port for each. A reservation has a lease, which is renewed as long as libvirt on
 * this host reports that the domain arrives. What the source does not confirm within ten seconds is released.
 */
public final class ReservedArrivals implements Arrivals {

    private static final Logger LOG = LoggerFactory.getLogger(ReservedArrivals.class);

    /** How long the source may take from the answer to its confirmation. */
    static final Duration CONFIRMATION = Duration.ofSeconds(10);

    private final VmList vms;
    private final TrafficControl traffic;
    private final String address;
    private final HostMetrics metrics;
    private final Supplier<Optional<Bandwidth>> free;
    private final Optional<PlannedPorts> ports;
    private final ConcurrentMap<String, Held> held = new ConcurrentHashMap<>();

    /**
     * What is prepared for a migration.
     *
     * @param vm          name of the VM
     * @param reservation the bandwidth
     * @param since       when the lease began
     * @param confirmed   whether the source uses it
     */
    private record Held(String vm, FlowReservation reservation, Instant since, boolean confirmed) {
        Held confirm() {
            return new Held(vm, reservation, since, true);
        }

        Held renewed(Instant now) {
            return new Held(vm, reservation, now, confirmed);
        }
    }

    /**
     * @param vms     the VMs of this host
     * @param traffic reserves bandwidth on this host
     * @param address IP address on which this host receives migrations
     * @param metrics counts reservations
     * @param free    the rate that all traffic leaves free on the link into this host; empty if it is not known
     */
    public ReservedArrivals(
            VmList vms,
            TrafficControl traffic,
            String address,
            HostMetrics metrics,
            Supplier<Optional<Bandwidth>> free) {
        this.vms = vms;
        this.traffic = traffic;
        this.address = address;
        this.metrics = metrics;
        this.free = free;
        this.ports = traffic.plannedPorts().map(PlannedPorts::new);
    }

    @Override
    public IncomingTicket prepare(IncomingRequest request) {
        return prepare(request, true, false);
    }

    @Override
    public IncomingTicket prepareToConfirm(IncomingRequest request) {
        return prepare(request, false, false);
    }

    @Override
    public IncomingTicket prepareWithPort(IncomingRequest request) {
        return prepare(request, false, true);
    }

    private IncomingTicket prepare(IncomingRequest request, boolean confirmed, boolean wantsPort) {
        String id = request.migrationId();
        PortRange range = traffic.libvirtPorts();
        Flow flow = new Flow(id, Direction.INGRESS, request.sourceAddress(), address, range);
        Held mine = new Held(
                request.vm().name(),
                new FlowReservation(traffic, flow, metrics::reservation),
                Instant.now(),
                confirmed);
        if (held.putIfAbsent(id, mine) != null) {
            throw Refusal.conflict("Migration %s is already prepared on this host.".formatted(id));
        }
        Integer port = wantsPort ? givePort(id, mine.reservation()) : null;
        String note = request.reservation() == null ? "" : reserve(request, mine.reservation());
        return new IncomingTicket(id, address, range.first(), note, range.last(), port);
    }

    /** A port for this migration alone, which its class matches from now on; null if there is none. */
    private Integer givePort(String id, FlowReservation reservation) {
        OptionalInt port = ports.map(each -> each.give(id, address)).orElseGet(OptionalInt::empty);
        if (port.isEmpty()) {
            return null;
        }
        try {
            reservation.match(PortRange.of(port.getAsInt()));
            return port.getAsInt();
        } catch (IOException e) {
            LOG.debug("Nothing is reserved yet, so that there is nothing to change", e);
            return null;
        }
    }

    /** Reserves bandwidth, unless the source has given the migration up meanwhile. Returns why nothing is reserved, or an empty text. */
    private String reserve(IncomingRequest request, FlowReservation reservation) {
        try {
            reservation.apply(Share.fixed(request.reservation()));
            return "";
        } catch (IOException e) {
            return held.containsKey(request.migrationId()) ? e.getMessage() : "the source has given the migration up";
        }
    }

    @Override
    public GrantedRate rate(String migrationId, IncomingRate rate) {
        Held found = held.get(migrationId);
        if (found == null) {
            throw unknown(migrationId);
        }
        return found.reservation().follow(rate, free);
    }

    @Override
    public void confirm(String migrationId, boolean usesPort) {
        Held found = held.computeIfPresent(migrationId, (id, each) -> each.confirm());
        if (found == null) {
            throw unknown(migrationId);
        }
        if (!usesPort) {
            leavePort(migrationId, found.reservation());
        }
    }

    /** Takes the port of a migration back. libvirt chooses one, which its class matches if that is not already the class of another one. */
    private void leavePort(String migrationId, FlowReservation reservation) {
        ports.ifPresent(each -> each.takeBack(migrationId));
        try {
            reservation.match(traffic.libvirtPorts());
        } catch (IOException e) {
            LOG.info("Nothing is reserved for migration {} any more: {}", migrationId, e.getMessage());
            reservation.release(traffic.libvirtPorts());
        }
    }

    @Override
    public Heartbeats finish(String migrationId) {
        release(migrationId);
        return Heartbeats.NONE;
    }

    @Override
    public void abandon(String migrationId) {
        release(migrationId);
    }

    private void release(String migrationId) {
        Held found = held.remove(migrationId);
        if (found == null) {
            throw unknown(migrationId);
        }
        end(migrationId, found);
    }

    private void end(String id, Held ended) {
        ended.reservation().close();
        ports.ifPresent(each -> each.takeBack(id));
    }

    private static Refusal unknown(String migrationId) {
        return Refusal.unknown("No bandwidth is reserved on this host for migration '%s'.".formatted(migrationId));
    }

    /** Whether a migration is prepared. */
    public boolean isPrepared(String migrationId) {
        return held.containsKey(migrationId);
    }

    @Override
    public boolean areExpected() {
        return !held.isEmpty();
    }

    @Override
    public void applyLeases() {
        applyLeases(Instant.now());
    }

    void applyLeases(Instant now) {
        held.forEach((id, each) -> {
            if (!each.confirmed()) {
                if (now.isAfter(each.since().plus(CONFIRMATION))) {
                    release(id, each, "did not confirm that it has reserved bandwidth too");
                }
            } else if (Incoming.expired(each.since(), now)) {
                if (receiving(each.vm())) {
                    held.replace(id, each, each.renewed(now));
                } else {
                    release(id, each, "did not report its end");
                }
            }
        });
    }

    private void release(String id, Held each, String reason) {
        if (held.remove(id, each)) {
            LOG.warn("The source of migration {} {}; releasing its reservation", id, reason);
            end(id, each);
        }
    }

    /** A domain that is not asked because libvirt does not answer may still arrive. */
    private boolean receiving(String name) {
        try {
            return vms.inMigration(name);
        } catch (IOException e) {
            LOG.debug("libvirt does not report whether VM {} arrives", name, e);
            return true;
        }
    }

    @Override
    public void close() {
        held.values().forEach(each -> each.reservation().close());
    }
}
