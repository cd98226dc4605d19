package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.nova.Nova;
import io.github.godwit.nova.OpenStackException;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrations of Nova's servers. The host driver of the source is given the technique first, then Nova is requested to migrate the
 * server. nova-compute asks the host driver for the technique, and the host driver reports the progress. Whether and where the
 * server has arrived is decided by Nova.
 */
final class NovaMigrations {

    private static final Logger LOG = LoggerFactory.getLogger(NovaMigrations.class);
    private static final String ACTIVE = "ACTIVE";
    private static final String MIGRATING = "MIGRATING";

    /** Maximum time for the host driver to profile the VM and choose a technique. */
    private static final Duration DECISION_LIMIT = Duration.ofSeconds(30);

    /** Maximum time for Nova's cleanup after libvirt has finished. Nova's API has no events, so it is polled. */
    private static final Duration CLEANUP_LIMIT = Duration.ofSeconds(60);

    private static final long POLL_MILLIS = 300;

    private final Cloud drivers;
    private final Nova nova;
    private final Set<UUID> requested = ConcurrentHashMap.newKeySet();

    NovaMigrations(Cloud drivers, Nova nova) {
        this.drivers = drivers;
        this.nova = nova;
    }

    /** Ends {@link Cloud#follow} early, once the technique of the migration is decided. */
    private static final class Decided extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Decided() {
            super("decided", null, false, false);
        }
    }

    /** Starts a migration. A repeated order with the same id continues where the first one stopped. */
    MigrationStatus migrate(MoveOrder order) {
        MigrationStatus status = drivers.migrate(order);
        Optional<Nova.Server> server = server(order.vm());
        if (server.isEmpty()) {
            return status;
        }
        status = decided(order, status);
        if (status.phase() == Phase.PREPARING) {
            try {
                requestMigration(order, server.get().status());
            } catch (ServiceRefusal e) {
                withdraw(order);
                throw e;
            }
        }
        return status;
    }

    private void requestMigration(MoveOrder order, String state) {
        if (MIGRATING.equals(state)) {
            return; // by an earlier attempt of the same order
        }
        if (!ACTIVE.equals(state)) {
            throw ServiceRefusal.conflict("Server %s is %s and no longer ACTIVE.".formatted(order.vm(), state));
        }
        try {
            nova.liveMigrate(order.vm(), order.destination());
        } catch (OpenStackException e) {
            throw ServiceRefusal.conflict(e.getMessage());
        }
        requested.add(order.id());
    }

    private Optional<Nova.Server> server(String vm) {
        try {
            UUID.fromString(vm);
            return nova.findServer(vm);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a VM that is not a server of Nova
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    private MigrationStatus decided(MoveOrder order, MigrationStatus status) {
        if (status.phase() != Phase.PROFILING) {
            return status;
        }
        try {
            return drivers.follow(order.source(), order.id(), DECISION_LIMIT, event -> {
                if (event.phase() != Phase.PROFILING) {
                    throw new Decided();
                }
            });
        } catch (Decided e) {
            return drivers.findMigration(order.source(), order.id()).orElse(status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the technique was being chosen", e);
        }
    }

    private void withdraw(MoveOrder order) {
        try {
            drivers.cancel(order.source(), order.id());
        } catch (RuntimeException e) {
            LOG.warn(
                    "Migration {} on {} still waits for Nova and cannot be cancelled: {}",
                    order.id(),
                    order.source(),
                    e.getMessage());
        }
    }

    /**
     * Returns the status of a migration. Nova accepts a request before its scheduler and its checks have approved it, and reports a
     * rejection nowhere in its migration API. A server that is ACTIVE again while its host driver still waits for nova-compute has
     * been rejected; its migration is cancelled then.
     */
    Optional<MigrationStatus> find(String source, UUID id) {
        Optional<MigrationStatus> found = drivers.findMigration(source, id);
        if (!isPreparing(found)) {
            requested.remove(id);
            return found;
        }
        if (!requested.contains(id) || !released(found.get().vm())) {
            return found;
        }
        Optional<MigrationStatus> latest = drivers.findMigration(source, id);
        if (!isPreparing(latest)) {
            return latest;
        }
        LOG.warn(
                "Nova has not migrated server {}; 'openstack server event list {}' shows the reason.",
                found.get().vm(),
                found.get().vm());
        requested.remove(id);
        drivers.cancel(source, id);
        return drivers.findMigration(source, id);
    }

    private static boolean isPreparing(Optional<MigrationStatus> status) {
        return status.filter(found -> found.phase() == Phase.PREPARING).isPresent();
    }

    private boolean released(String vm) {
        try {
            Optional<Nova.Server> server = server(vm);
            return server.isEmpty() || ACTIVE.equals(server.get().status());
        } catch (ServiceRefusal e) {
            return false; // unknown while Nova does not answer
        }
    }

    /** Waits until nova-compute has asked for the technique, or Nova has rejected the migration. */
    private void awaitNova(String source, UUID id) throws InterruptedException {
        while (requested.contains(id) && isPreparing(find(source, id))) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Waits until libvirt has finished, as reported by the host driver, and then until Nova has finished. */
    MigrationStatus follow(String source, UUID id, Duration atMost, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        awaitNova(source, id);
        MigrationStatus ended = drivers.follow(source, id, atMost, listener);
        Optional<Nova.Server> server = awaitCleanup(ended.vm());
        if (ended.phase() == Phase.COMPLETED
                && server.isPresent()
                && !ended.destination().equals(server.get().host())) {
            throw ServiceRefusal.conflict("libvirt has migrated server %s to %s, but according to Nova it is %s on %s."
                    .formatted(
                            ended.vm(),
                            ended.destination(),
                            server.get().status(),
                            server.get().host()));
        }
        return ended;
    }

    /** Returns the server after Nova's cleanup, or as it was read last; nothing if Nova did not answer during that time. */
    private Optional<Nova.Server> awaitCleanup(String vm) throws InterruptedException {
        long deadline = System.nanoTime() + CLEANUP_LIMIT.toNanos();
        Optional<Nova.Server> last = Optional.empty();
        while (System.nanoTime() < deadline) {
            try {
                last = server(vm);
                if (last.isEmpty() || !MIGRATING.equals(last.get().status())) {
                    return last;
                }
            } catch (ServiceRefusal e) {
                LOG.warn("Server {} cannot be read from Nova: {}", vm, e.getMessage());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return last;
    }
}
