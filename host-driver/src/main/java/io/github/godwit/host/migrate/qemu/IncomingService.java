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
import io.github.godwit.host.scatter.BatchCount;
import io.github.godwit.host.scatter.GatherRecord;
import io.github.godwit.host.scatter.Gatherer;
import io.github.godwit.host.scatter.Intermediaries;
import io.github.godwit.host.scatter.LeftBatches;
import io.github.godwit.host.scatter.ScatterTerms;
import io.github.godwit.host.vm.HostedVm;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.PostcopyWaits;
import io.github.godwit.hostapi.scatter.GatherStatus;
import io.github.godwit.model.technique.QemuSettings;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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

    private static final int KEY_BYTES = 16;

    private static final GatherStatus STARTED_AGAIN = new GatherStatus(
            GatherStatus.Phase.FAILED, 0, 0, 0, 0, "its host driver has started again, and fetches the rest soon");

    private final VmInventory inventory;
    private final TrafficControl traffic;
    private final String address;
    private final Supplier<Optional<Bandwidth>> free;
    private final Intermediaries intermediaries;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Incoming> incoming = new ConcurrentHashMap<>();
    private final Set<String> preparing = ConcurrentHashMap.newKeySet();

    /** The memory, in bytes, of each VM whose pages wait on intermediaries, from the checks of its preparation on. */
    private final Map<String, Long> scattered = new ConcurrentHashMap<>();

    private final LeftBatches left;
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();

    /**
     * @param inventory the VMs of this host
     * @param traffic   reserves bandwidth on this host
     * @param address   IP address on which this host receives migrations
     * @param free      the rate that all traffic leaves free on the link into this host; empty if it is not known
     * @param intermediaries on which pages may wait
     * @param left      directory that says which migrations may have left pages there
     */
    public IncomingService(
            VmInventory inventory,
            TrafficControl traffic,
            String address,
            Supplier<Optional<Bandwidth>> free,
            Intermediaries intermediaries,
            Path left) {
        this.inventory = inventory;
        this.traffic = traffic;
        this.address = address;
        this.free = free;
        this.intermediaries = intermediaries;
        this.left =
                new LeftBatches(left, (migration, order) -> intermediaries.terms(migration, "", order), this::mayFetch);
    }

    /** Whether the batches of a migration are, or will be, fetched. */
    private boolean mayFetch(String migrationId) {
        Incoming arriving = incoming.get(migrationId);
        return preparing.contains(migrationId)
                || (arriving != null && (arriving.gatherer() != null || arriving.lacksPages()));
    }

    /** Resumes the incoming VMs of an earlier host driver. Their leases start again; their reservations are not restored. */
    public void rediscover() {
        for (HostedVm vm : inventory.all()) {
            vm.incoming().ifPresent(id -> incoming.put(id, new Incoming(id, vm, null, Instant.now(), null)));
        }
        left.start();
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
        Gatherer gatherer = null;
        try {
            new MigrationSetup(vm.qmp()).apply(settings);
            gatherer = request.scatter() == null ? null : gatherer(request, vm);
            int port = gatherer == null ? new ListeningQemu(vm.qmp(), address).listen() : gatherer.port();
            FlowReservation reservation = reservation(request, port);
            String note = reserve(request, reservation);
            incoming.put(id, new Incoming(id, vm, reservation, Instant.now(), gatherer));
            LOG.info("Waiting for migration {} of VM '{}' on port {}", id, vm.name(), port);
            return gatherer == null
                    ? new IncomingTicket(id, address, port, note)
                    : IncomingTicket.forKey(id, address, port, note, gatherer.key());
        } catch (IOException | RuntimeException e) {
            scattered.remove(id);
            if (gatherer != null) {
                gatherer.close();
            }
            inventory.stop(vm);
            throw e;
        }
    }

    /** Has QEMU listen on a Unix socket, and the gatherer for the source. */
    private Gatherer gatherer(IncomingRequest request, HostedVm vm) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        ScatterTerms terms =
                intermediaries.terms(request.migrationId(), HexFormat.of().formatHex(key), request.scatter());
        scattered.put(request.migrationId(), request.vm().memory().bytes());
        long all = scattered.values().stream().mapToLong(Long::longValue).sum();
        Intermediaries.checkHeap(all, Runtime.getRuntime().maxMemory());
        Intermediaries.check(terms, all);
        left.expect(request.migrationId(), request.scatter());
        Path socket = vm.running().migrationSocket();
        vm.qmp().execute("migrate-incoming", Map.of("uri", "unix:" + socket));
        return Gatherer.start(terms, socket, vm.running().gathering(), address);
    }

    /** Whether the source has sent every page, and nobody fetches the rest: after a restart, or where the connection to QEMU broke. */
    private static boolean mustGatherAgain(Incoming waiting) {
        boolean nobody =
                waiting.gatherer() == null || waiting.gatherer().status().phase() == GatherStatus.Phase.FAILED;
        return nobody && waiting.lacksPages();
    }

    /** What is stored is fetched once the source has said how many batches there are. Until then it may send the pages itself. */
    private void gatherAgain(Incoming waiting) throws IOException {
        RunningVm vm = waiting.vm().running();
        if (QemuMigrationStatus.of(waiting.status()) == QemuMigrationStatus.COMPLETED) {
            Files.deleteIfExists(vm.gathering()); // the host driver ended before it could
            return;
        }
        GatherRecord record = GatherRecord.read(vm.gathering());
        ScatterTerms terms = intermediaries.terms(waiting.migrationId(), "", record.order());
        OptionalInt batches = record.batches() == null ? BatchCount.find(terms) : OptionalInt.of(record.batches());
        if (batches.isEmpty()) {
            LOG.debug("The source of migration {} has pages left", waiting.migrationId());
            return;
        }
        new ListeningQemu(waiting.vm().qmp(), address).listenAgain(vm.migrationSocket());
        LOG.warn(
                "VM '{}' lacks pages that wait on intermediaries: they are fetched",
                waiting.vm().name());
        Gatherer again = Gatherer.resume(terms, vm.migrationSocket(), record, batches.getAsInt(), vm.gathering());
        if (!incoming.replace(waiting.migrationId(), waiting, waiting.gathering(again))) {
            again.close();
        }
        scattered.put(waiting.migrationId(), vm.definition().memory().bytes());
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
        broken.sendsItself();
        incoming.replace(migrationId, broken, broken.gathering(null));
        scattered.remove(migrationId);
        left.soon();
        int port = new ListeningQemu(broken.vm().qmp(), address).listenAgain();
        LOG.warn(
                "The connection of migration {} broke in post-copy: VM '{}' is waited for on port {}",
                migrationId,
                broken.vm().name(),
                port);
        return new IncomingTicket(migrationId, address, port, broken.goOnAt(port));
    }

    @Override
    public Optional<GatherStatus> gathering(String migrationId) {
        Incoming arriving = incoming.get(migrationId);
        if (arriving == null) {
            throw unknown(migrationId);
        }
        if (arriving.gatherer() == null && arriving.lacksPages()) {
            return Optional.of(STARTED_AGAIN);
        }
        return Optional.ofNullable(arriving.gatherer()).map(Gatherer::status);
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
        if (gathering(migrationId)
                .filter(status -> isUnderWay(migrationId, status))
                .isPresent()) {
            throw Refusal.conflict("Pages of migration %s still wait on intermediaries.".formatted(migrationId));
        }
        Incoming arriving = incoming.get(migrationId);
        if (arriving != null
                && arriving.vm().alive()
                && QemuMigrationStatus.of(arriving.status()).inPostcopy()) {
            throw Refusal.conflict("VM '%s' lacks pages that have to come by migration %s."
                    .formatted(arriving.vm().name(), migrationId));
        }
        Incoming arrived = take(migrationId);
        arrived.release();
        arrived.vm().arrived();
        announce(arrived.vm());
        LOG.info("VM '{}' arrived by migration {}", arrived.vm().name(), migrationId);
        return arrived.vm().heartbeats().firstSince(arrived.since(), arrived.vm()::alive);
    }

    private boolean isUnderWay(String migrationId, GatherStatus status) {
        return switch (status.phase()) {
            case DONE -> false;
            case FAILED -> {
                Incoming arriving = incoming.get(migrationId);
                yield arriving != null && arriving.lacksPages();
            }
            default -> true;
        };
    }

    private static void announce(HostedVm vm) {
        try {
            vm.announce();
        } catch (QmpException e) {
            LOG.warn("VM '{}' could not be announced to the network: {}", vm.name(), e.getMessage());
        }
    }

    /** {@inheritDoc} A VM that runs here, or has run, is not stopped: the source may have lost track of it, and has no whole copy. */
    @Override
    public void abandon(String migrationId) throws IOException {
        Incoming arriving = incoming.get(migrationId);
        if (arriving == null) {
            throw unknown(migrationId);
        }
        if (arriving.hasRun()) {
            throw Refusal.conflict(
                    "Migration %s cannot be abandoned: VM '%s' runs on this host already, or is paused there. It has its pages from the source, or waits for them."
                            .formatted(migrationId, arriving.vm().name()));
        }
        Incoming prepared = take(migrationId);
        prepared.release();
        inventory.stop(prepared.vm());
        LOG.info("Abandoned migration {} of VM '{}'", migrationId, prepared.vm().name());
    }

    private Incoming take(String migrationId) {
        Incoming found = incoming.remove(migrationId);
        if (scattered.remove(migrationId) != null) {
            left.soon();
        }
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
                    take(waiting.migrationId()).release();
                } else if (mustGatherAgain(waiting)) {
                    gatherAgain(waiting);
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
        left.close();
        incoming.values().forEach(Incoming::releaseReservation);
    }
}
