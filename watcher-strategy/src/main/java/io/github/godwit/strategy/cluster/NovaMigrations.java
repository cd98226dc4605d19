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
 * Migrations of Nova's servers: the source's host driver is told how, and then Nova is asked to move the server. The driver
 * answers nova-compute when that asks, and tells how it goes; Nova has the last word on where the server is.
 */
final class NovaMigrations {

    private static final Logger LOG = LoggerFactory.getLogger(NovaMigrations.class);
    private static final String ACTIVE = "ACTIVE";
    private static final String MIGRATING = "MIGRATING";

    /** For the host driver to look at the VM and decide. */
    private static final Duration DECISION = Duration.ofSeconds(30);

    /** For Nova to tidy up after libvirt is done. Nova sends nobody an event over its API. */
    private static final Duration TIDY = Duration.ofSeconds(60);

    private static final long LOOK_MILLIS = 300;

    private final Cloud drivers;
    private final Nova nova;
    private final Set<UUID> asked = ConcurrentHashMap.newKeySet();

    NovaMigrations(Cloud drivers, Nova nova) {
        this.drivers = drivers;
        this.nova = nova;
    }

    /** Leaves the waiting for a migration's end as soon as its technique is decided. */
    private static final class Decided extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Decided() {
            super("decided", null, false, false);
        }
    }

    /** Starts a migration; asked for again by the same id, it goes on from where the first had come. */
    MigrationStatus migrate(MoveOrder order) {
        MigrationStatus status = drivers.migrate(order);
        Optional<Nova.Server> server = server(order.vm());
        if (server.isEmpty()) {
            return status;
        }
        status = decided(order, status);
        if (status.phase() == Phase.PREPARING) {
            try {
                askNova(order, server.get().status());
            } catch (ServiceRefusal e) {
                withdraw(order);
                throw e;
            }
        }
        return status;
    }

    private void askNova(MoveOrder order, String state) {
        if (MIGRATING.equals(state)) {
            return; // by an order that was given before
        }
        if (!ACTIVE.equals(state)) {
            throw ServiceRefusal.conflict("Server %s is %s, and not ACTIVE any more.".formatted(order.vm(), state));
        }
        try {
            nova.liveMigrate(order.vm(), order.destination());
        } catch (OpenStackException e) {
            throw ServiceRefusal.conflict(e.getMessage());
        }
        asked.add(order.id());
    }

    private Optional<Nova.Server> server(String vm) {
        try {
            UUID.fromString(vm);
            return nova.findServer(vm);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a VM that no Nova has started
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    private MigrationStatus decided(MoveOrder order, MigrationStatus status) {
        if (status.phase() != Phase.PROFILING) {
            return status;
        }
        try {
            return drivers.follow(order.source(), order.id(), DECISION, event -> {
                if (event.phase() != Phase.PROFILING) {
                    throw new Decided();
                }
            });
        } catch (Decided e) {
            return drivers.findMigration(order.source(), order.id()).orElse(status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the technique is decided", e);
        }
    }

    private void withdraw(MoveOrder order) {
        try {
            drivers.cancel(order.source(), order.id());
        } catch (RuntimeException e) {
            LOG.warn("Migration {} still waits for Nova on {}: {}", order.id(), order.source(), e.getMessage());
        }
    }

    /**
     * Where a migration stands. Nova takes an order before its scheduler and its checks have said yes, and tells nobody when
     * they say no: a server that Nova has let go while its host driver still waits to be asked will not be moved.
     */
    Optional<MigrationStatus> find(String source, UUID id) {
        Optional<MigrationStatus> found = drivers.findMigration(source, id);
        if (!waits(found)) {
            asked.remove(id);
            return found;
        }
        if (!asked.contains(id) || !letGo(found.get().vm())) {
            return found;
        }
        Optional<MigrationStatus> again = drivers.findMigration(source, id);
        if (!waits(again)) {
            return again;
        }
        LOG.warn(
                "Nova has not moved server {}; 'openstack server event list {}' tells why.",
                found.get().vm(),
                found.get().vm());
        asked.remove(id);
        drivers.cancel(source, id);
        return drivers.findMigration(source, id);
    }

    private static boolean waits(Optional<MigrationStatus> status) {
        return status.filter(found -> found.phase() == Phase.PREPARING).isPresent();
    }

    private boolean letGo(String vm) {
        try {
            Optional<Nova.Server> server = server(vm);
            return server.isEmpty() || ACTIVE.equals(server.get().status());
        } catch (ServiceRefusal e) {
            return false; // nobody knows while Nova does not answer
        }
    }

    /** Waits until nova-compute has asked how, or never will. */
    private void awaitNova(String source, UUID id) throws InterruptedException {
        while (asked.contains(id) && waits(find(source, id))) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** Waits for the end: libvirt's, as the host driver tells, and then Nova's. */
    MigrationStatus follow(String source, UUID id, Duration atMost, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        awaitNova(source, id);
        MigrationStatus ended = drivers.follow(source, id, atMost, listener);
        Optional<Nova.Server> server = rests(ended.vm());
        if (ended.phase() == Phase.COMPLETED
                && server.isPresent()
                && !ended.destination().equals(server.get().host())) {
            throw ServiceRefusal.conflict("libvirt has moved server %s to %s, but Nova says that it is %s on %s."
                    .formatted(
                            ended.vm(),
                            ended.destination(),
                            server.get().status(),
                            server.get().host()));
        }
        return ended;
    }

    /** The server when Nova has tidied up, or as it was seen last; nothing where Nova did not answer all that time. */
    private Optional<Nova.Server> rests(String vm) throws InterruptedException {
        long deadline = System.nanoTime() + TIDY.toNanos();
        Optional<Nova.Server> last = Optional.empty();
        while (System.nanoTime() < deadline) {
            try {
                last = server(vm);
                if (last.isEmpty() || !MIGRATING.equals(last.get().status())) {
                    return last;
                }
            } catch (ServiceRefusal e) {
                LOG.warn("How Nova sees server {} is not known: {}", vm, e.getMessage());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return last;
    }
}
