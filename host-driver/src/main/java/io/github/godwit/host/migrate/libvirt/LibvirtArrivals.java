package io.github.godwit.host.migrate.libvirt;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.migrate.Arrivals;
import io.github.godwit.host.nova.reserve.ReservedArrivals;
import io.github.godwit.host.vm.GuestHeartbeats;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** VMs that libvirt receives: libvirt starts their QEMU, and Godwit reserves bandwidth and listens to the heartbeats of their guests. */
public final class LibvirtArrivals implements Arrivals {

    private final ReservedArrivals reserved;
    private final VmList vms;
    private final GuestHeartbeats heartbeats;
    private final Map<String, Heard> heard = new ConcurrentHashMap<>();

    /** A VM that is listened to. */
    private record Heard(String vm, HeartbeatSource source, Instant since) {}

    /**
     * Prepares for VMs.
     *
     * @param reserved reserves bandwidth
     * @param vms      the VMs of this host
     */
    public LibvirtArrivals(ReservedArrivals reserved, VmList vms, GuestHeartbeats heartbeats) {
        this.reserved = reserved;
        this.vms = vms;
        this.heartbeats = heartbeats;
    }

    @Override
    public IncomingTicket prepare(IncomingRequest request) {
        String name = request.vm().name();
        if (vms.find(name).isPresent()) {
            throw Refusal.conflict("There is already a VM '%s' on this host.".formatted(name));
        }
        IncomingTicket ticket = reserved.prepare(request);
        // Its QEMU does not run yet.
        RunningVm expected = new RunningVm(request.vm(), 0, heartbeats.of(name));
        heard.put(request.migrationId(), new Heard(name, heartbeats.open(expected), Instant.now()));
        return ticket;
    }

    @Override
    public GrantedRate rate(String migrationId, IncomingRate rate) {
        return reserved.rate(migrationId, rate);
    }

    @Override
    public void confirm(String migrationId, boolean usesPort) {
        reserved.confirm(migrationId, usesPort);
    }

    /** {@inheritDoc} The VM is in the list of VMs, and heard by it, from now on. */
    @Override
    public Heartbeats finish(String migrationId) {
        Heartbeats none = reserved.finish(migrationId);
        Heard arrived = heard.remove(migrationId);
        if (arrived == null) {
            return none;
        }
        try (HeartbeatSource source = arrived.source()) {
            Optional<? extends Vm> here = vms.find(arrived.vm());
            return heartbeats.areSent() && here.isPresent()
                    ? source.firstSince(arrived.since(), here.get()::alive)
                    : none;
        }
    }

    @Override
    public void abandon(String migrationId) {
        silence(migrationId);
        reserved.abandon(migrationId);
    }

    private void silence(String migrationId) {
        Heard expected = heard.remove(migrationId);
        if (expected != null) {
            expected.source().close();
        }
    }

    @Override
    public boolean areExpected() {
        return reserved.areExpected();
    }

    @Override
    public void applyLeases() {
        reserved.applyLeases();
        heard.keySet().stream().filter(id -> !reserved.isPrepared(id)).forEach(this::silence);
    }

    @Override
    public void close() {
        reserved.close();
        heard.keySet().forEach(this::silence);
    }
}
