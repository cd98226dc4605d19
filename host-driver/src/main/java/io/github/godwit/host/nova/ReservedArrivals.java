package io.github.godwit.host.nova;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.Arrivals;
import io.github.godwit.host.migrate.qemu.Incoming;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * VMs that libvirt receives: Godwit only reserves bandwidth for them. A reservation has a lease, which is renewed as long as libvirt on
 * this host reports that the domain arrives. What the source does not confirm within ten seconds is released.
 */
public final class ReservedArrivals implements Arrivals {

    private static final Logger LOG = LoggerFactory.getLogger(ReservedArrivals.class);

    /** How long the source may take from the answer to its confirmation. */
    static final Duration CONFIRMATION = Duration.ofSeconds(10);

    private static final Reservation NOTHING = new Reservation() {
        @Override
        public Bandwidth rate() {
            return Bandwidth.ZERO;
        }

        @Override
        public void adjust(Bandwidth rate) {}

        @Override
        public void close() {}
    };

    private final VmList vms;
    private final TrafficControl traffic;
    private final String address;
    private final HostMetrics metrics;
    private final ConcurrentMap<String, Held> held = new ConcurrentHashMap<>();

    /**
     * What is prepared for a migration.
     *
     * @param vm          name of the VM
     * @param reservation the bandwidth
     * @param since       when the lease began
     * @param confirmed   whether the source uses it
     */
    private record Held(String vm, Reservation reservation, Instant since, boolean confirmed) {
        Held with(Reservation other) {
            return new Held(vm, other, since, confirmed);
        }

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
     */
    public ReservedArrivals(VmList vms, TrafficControl traffic, String address, HostMetrics metrics) {
        this.vms = vms;
        this.traffic = traffic;
        this.address = address;
        this.metrics = metrics;
    }

    @Override
    public IncomingTicket prepare(IncomingRequest request) {
        return prepare(request, true);
    }

    @Override
    public IncomingTicket prepareToConfirm(IncomingRequest request) {
        return prepare(request, false);
    }

    private IncomingTicket prepare(IncomingRequest request, boolean confirmed) {
        String id = request.migrationId();
        String note = request.reservation() == null ? "" : reserve(request, confirmed);
        PortRange ports = traffic.libvirtPorts();
        return new IncomingTicket(id, address, ports.first(), note, ports.last());
    }

    /** Reserves bandwidth, unless the source has given the migration up meanwhile. Returns why nothing is reserved, or an empty text. */
    private String reserve(IncomingRequest request, boolean confirmed) {
        String id = request.migrationId();
        Held mine = new Held(request.vm().name(), NOTHING, Instant.now(), confirmed);
        if (held.putIfAbsent(id, mine) != null) {
            throw Refusal.conflict("Migration %s is already prepared on this host.".formatted(id));
        }
        Flow flow = new Flow(id, Direction.INGRESS, request.sourceAddress(), address, traffic.libvirtPorts());
        try {
            Reservation reservation = traffic.reserve(flow, request.reservation());
            if (held.replace(id, mine, mine.with(reservation))) {
                metrics.reservation(1);
            } else {
                reservation.close();
                return "the source has given the migration up";
            }
            return "";
        } catch (IOException e) {
            held.remove(id, mine);
            return e.getMessage();
        }
    }

    @Override
    public void confirm(String migrationId) {
        if (held.computeIfPresent(migrationId, (id, each) -> each.confirm()) == null) {
            throw unknown(migrationId);
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
        end(found);
    }

    private void end(Held ended) {
        ended.reservation().close();
        if (ended.reservation() != NOTHING) {
            metrics.reservation(-1);
        }
    }

    private static Refusal unknown(String migrationId) {
        return Refusal.unknown("No bandwidth is reserved on this host for migration '%s'.".formatted(migrationId));
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
            end(each);
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
