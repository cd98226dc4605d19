package io.github.godwit.host.nova;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.migrate.Arrivals;
import io.github.godwit.host.migrate.qemu.Incoming;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * VMs that libvirt receives: Godwit only reserves bandwidth for them. A reservation has a lease, which is renewed as long as libvirt on
 * this host reports that the domain arrives.
 */
public final class ReservedArrivals implements Arrivals {

    private static final Logger LOG = LoggerFactory.getLogger(ReservedArrivals.class);

    private final VmList vms;
    private final TrafficControl traffic;
    private final String address;
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    private record Held(String vm, Reservation reservation, Instant since) {}

    /**
     * @param vms     the VMs of this host
     * @param traffic reserves bandwidth on this host
     * @param address IP address on which this host receives migrations
     */
    public ReservedArrivals(VmList vms, TrafficControl traffic, String address) {
        this.vms = vms;
        this.traffic = traffic;
        this.address = address;
    }

    @Override
    public IncomingTicket prepare(IncomingRequest request) throws IOException {
        String id = request.migrationId();
        if (held.containsKey(id)) {
            throw Refusal.conflict("Migration %s is already prepared on this host.".formatted(id));
        }
        String note = "";
        if (request.reservation() != null) {
            Flow flow = new Flow(id, Direction.INGRESS, request.sourceAddress(), address, traffic.libvirtPorts());
            try {
                Reservation reservation = traffic.reserve(flow, request.reservation());
                held.put(id, new Held(request.vm().name(), reservation, Instant.now()));
            } catch (IOException e) {
                note = e.getMessage();
            }
        }
        PortRange ports = traffic.libvirtPorts();
        return new IncomingTicket(id, address, ports.first(), note, ports.last());
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
            throw Refusal.unknown("No bandwidth is reserved on this host for migration '%s'.".formatted(migrationId));
        }
        found.reservation().close();
    }

    @Override
    public void applyLeases() {
        applyLeases(Instant.now());
    }

    void applyLeases(Instant now) {
        held.forEach((id, each) -> {
            if (Incoming.expired(each.since(), now)) {
                if (receiving(each.vm())) {
                    held.replace(id, each, new Held(each.vm(), each.reservation(), now));
                } else {
                    LOG.warn("The source of migration {} did not report its end; releasing its reservation", id);
                    held.remove(id);
                    each.reservation().close();
                }
            }
        });
    }

    /** A domain that is not asked because libvirt does not answer may still arrive. */
    private boolean receiving(String name) {
        try {
            Optional<? extends Vm> vm = vms.find(name);
            return vm.isPresent() && vm.get().inMigration();
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
