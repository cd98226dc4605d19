package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.migrate.Arrivals;
import io.github.godwit.host.migrate.qemu.Incoming.Verdict;
import io.github.godwit.host.migrate.rate.FlowReservation;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.host.qmp.MigrationSetup;
import io.github.godwit.host.qmp.QemuMigrationStatus;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.HostedVm;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.PostcopyWaits;
import io.github.godwit.model.technique.QemuSettings;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The VMs that are migrating to this host. Each has a lease from its preparation. When the lease has expired and the source has not
 * reported how the migration ended, {@link Incoming#verdict} decides by the status that QEMU on this host reports.
 */
public final class IncomingService implements Arrivals {

    private static final Logger LOG = LoggerFactory.getLogger(IncomingService.class);

    private final VmInventory inventory;
    private final TrafficControl traffic;
    private final String address;
    private final Supplier<Optional<Bandwidth>> free;
    private final Map<String, Incoming> incoming = new ConcurrentHashMap<>();
    private final Set<String> preparing = ConcurrentHashMap.newKeySet();
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();

    /**
     * @param inventory the VMs of this host
     * @param traffic   reserves bandwidth on this host
     * @param address   IP address on which this host receives migrations
     * @param free      the rate that all traffic leaves free on the link into this host; empty if it is not known
     */
    public IncomingService(
            VmInventory inventory, TrafficControl traffic, String address, Supplier<Optional<Bandwidth>> free) {
        this.inventory = inventory;
        this.traffic = traffic;
        this.address = address;
        this.free = free;
    }

    /** Resumes the incoming VMs of an earlier host driver. Their leases start again; their reservations are not restored. */
    public void rediscover() {
        for (HostedVm vm : inventory.all()) {
            vm.incoming().ifPresent(id -> incoming.put(id, new Incoming(id, vm, null, Instant.now())));
        }
    }

    /** {@inheritDoc} Starts a QEMU that listens for the migration. */
    @Override
    public IncomingTicket prepare(IncomingRequest request) throws IOException {
        String id = request.migrationId();
        if (!preparing.add(id)) {
            throw prepared(id);
        }
        try {
            if (incoming.containsKey(id)) {
                throw prepared(id);
            }
            return start(request);
        } finally {
            preparing.remove(id);
        }
    }

    private static Refusal prepared(String id) {
        return Refusal.conflict("Migration %s is already prepared on this host.".formatted(id));
    }

    private IncomingTicket start(IncomingRequest request) throws IOException {
        String id = request.migrationId();
        QemuSettings settings = QemuSettings.of(request.technique(), request.tuning());
        HostedVm vm = inventory.prepareIncoming(request.vm(), id);
        try {
            new MigrationSetup(vm.qmp()).apply(settings);
            int port = new ListeningQemu(vm.qmp(), address).listen();
            FlowReservation reservation = reservation(request, port);
            String note = reserve(request, reservation);
            incoming.put(id, new Incoming(id, vm, reservation, Instant.now()));
            LOG.info("Waiting for migration {} of VM '{}' on port {}", id, vm.name(), port);
            return new IncomingTicket(id, address, port, note);
        } catch (IOException | RuntimeException e) {
            inventory.stop(vm);
            throw e;
        }
    }

    private FlowReservation reservation(IncomingRequest request, int port) {
        return new FlowReservation(
                traffic,
                new Flow(
                        request.migrationId(), Direction.INGRESS, request.sourceAddress(), address, PortRange.of(port)),
                change -> {});
    }

    /** Why the requested bandwidth is not reserved, or an empty text. */
    private String reserve(IncomingRequest request, FlowReservation reservation) {
        if (request.reservation() == null) {
            return "";
        }
        if (!traffic.support().available()) {
            return traffic.support().reason();
        }
        try {
            reservation.apply(Share.fixed(request.reservation()));
            return "";
        } catch (IOException e) {
            LOG.warn("Cannot reserve bandwidth for migration {}: {}", request.migrationId(), e.getMessage());
            return e.getMessage();
        }
    }

    /** {@inheritDoc} Its reservation goes with it. */
    @Override
    public IncomingTicket recover(String migrationId) throws IOException {
        Incoming broken = incoming.get(migrationId);
        if (broken == null) {
            throw unknown(migrationId);
        }
        int port = new ListeningQemu(broken.vm().qmp(), address).listenAgain();
        LOG.warn(
                "The connection of migration {} broke in post-copy: VM '{}' is waited for on port {}",
                migrationId,
                broken.vm().name(),
                port);
        return new IncomingTicket(migrationId, address, port, broken.goOnAt(port));
    }

    @Override
    public GrantedRate rate(String migrationId, IncomingRate rate) {
        Incoming arriving = incoming.get(migrationId);
        if (arriving == null || arriving.reservation() == null) {
            throw unknown(migrationId);
        }
        return arriving.reservation().follow(rate, free);
    }

    @Override
    public Optional<PostcopyWaits> waits(String migrationId) throws IOException {
        Incoming arrived = incoming.get(migrationId);
        if (arrived == null) {
            throw unknown(migrationId);
        }
        return PostcopyWaitsForm.of(arrived.vm().qmp().execute("query-migrate"));
    }

    /** {@inheritDoc} Waits up to two seconds for the first heartbeat: with the last one on the source, it gives the service downtime. */
    @Override
    public Heartbeats finish(String migrationId) throws IOException {
        Incoming arrived = take(migrationId);
        arrived.releaseReservation();
        arrived.vm().arrived();
        announce(arrived.vm());
        LOG.info("VM '{}' arrived by migration {}", arrived.vm().name(), migrationId);
        return arrived.vm().heartbeats().firstSince(arrived.since(), arrived.vm()::alive);
    }

    private static void announce(HostedVm vm) {
        try {
            vm.announce();
        } catch (QmpException e) {
            LOG.warn("VM '{}' could not be announced to the network: {}", vm.name(), e.getMessage());
        }
    }

    @Override
    public void abandon(String migrationId) throws IOException {
        Incoming prepared = take(migrationId);
        prepared.releaseReservation();
        inventory.stop(prepared.vm());
        LOG.info("Abandoned migration {} of VM '{}'", migrationId, prepared.vm().name());
    }

    private Incoming take(String migrationId) {
        Incoming found = incoming.remove(migrationId);
        if (found == null) {
            throw unknown(migrationId);
        }
        return found;
    }

    private static Refusal unknown(String migrationId) {
        return Refusal.unknown("No migration '%s' is prepared on this host.".formatted(migrationId));
    }

    @Override
    public boolean areExpected() {
        return !incoming.isEmpty();
    }

    @Override
    public void applyLeases() {
        for (Incoming waiting : incoming.values()) {
            try {
                if (!waiting.vm().alive()) {
                    LOG.warn(
                            "QEMU of VM '{}' ended before the VM arrived",
                            waiting.vm().name());
                    take(waiting.migrationId()).releaseReservation();
                } else if (waiting.expired(Instant.now())) {
                    settle(waiting);
                }
            } catch (IOException | Refusal e) {
                LOG.warn(
                        "Cannot apply the lease of incoming VM '{}': {}",
                        waiting.vm().name(),
                        e.getMessage());
            }
        }
    }

    private void settle(Incoming waiting) throws IOException {
        String status = waiting.status();
        if (QemuMigrationStatus.of(status) == QemuMigrationStatus.UNKNOWN && unknown.add(status)) {
            LOG.warn(
                    "QEMU of incoming VM '{}' reports the status '{}', which Godwit does not know. The VM is waited for",
                    waiting.vm().name(),
                    status);
        }
        Verdict verdict = Incoming.verdict(status, waiting.since(), Instant.now());
        if (verdict == Verdict.KEEP) {
            LOG.warn(
                    "The source of migration {} did not report its end within {} s; QEMU has received VM '{}'",
                    waiting.migrationId(),
                    Incoming.LEASE.toSeconds(),
                    waiting.vm().name());
            finish(waiting.migrationId());
        } else if (verdict == Verdict.ABANDON) {
            LOG.warn("No source has sent VM '{}' within {} s", waiting.vm().name(), Incoming.LEASE.toSeconds());
            abandon(waiting.migrationId());
        }
    }

    /** {@inheritDoc} The next host driver resumes them. */
    @Override
    public void close() {
        incoming.values().forEach(Incoming::releaseReservation);
    }
}
