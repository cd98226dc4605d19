package io.github.godwit.host.migrate;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.technique.TechniqueConstraint;
import io.github.godwit.model.watch.WatchChange;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The migrations away from this host: one at a time for each VM. Remembers the last hundred that ended. */
public final class MigrationService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationService.class);
    private static final int REMEMBERED = 100;
    private static final Duration LAST_WAIT = Duration.ofSeconds(10);

    private final MigrationParts parts;
    private final MigrationDriver.Factory drivers;
    private final Map<String, MigrationRun> runs = new LinkedHashMap<>();
    private final ExecutorService threads = DaemonThreads.cached("migration");
    private volatile Consumer<MigrationStatus> ended = status -> {};
    private volatile Consumer<WatchChange> changed = change -> {};
    private boolean closed;

    /**
     * Runs migrations.
     *
     * @param parts   what the migrations work with
     * @param drivers makes the driver of each migration
     */
    public MigrationService(MigrationParts parts, MigrationDriver.Factory drivers) {
        this.parts = parts;
        this.drivers = drivers;
    }

    /**
     * Starts a migration. What can be checked at once is checked here; everything else shows in the status. A request with the id of a
     * known migration starts nothing and returns its status, so that a caller may repeat a request that got no answer.
     *
     * @throws Refusal                  when there is no such VM, it is in a migration already, or the technique cannot run between
     *                                  the two hosts
     * @throws HostDriverException      when the destination does not answer
     * @throws IllegalArgumentException when there is no such policy or the destination is this host
     */
    public MigrationStatus start(MigrationRequest request) {
        Optional<MigrationStatus> known = known(request);
        if (known.isPresent()) {
            return known.get();
        }
        Vm vm = parts.vms().get(request.vm());
        Optional<SloPolicy> policy = request.policyFrom(parts.policies().get());
        throwIfBusy(vm);
        Way way = Way.of(parts, vm, request.destination());
        if (request.technique() != null) {
            PreparedMigration.checkAvailable(
                    request.technique(),
                    policy.map(SloPolicy::constraint)
                            .orElse(TechniqueConstraint.NONE)
                            .of(way.techniques()));
        }
        MigrationRun run;
        synchronized (this) {
            known = known(request);
            if (known.isPresent()) {
                return known.get();
            }
            throwIfBusy(vm);
            if (closed) {
                throw Refusal.conflict("This host driver is stopping. Start it again first.");
            }
            run = new MigrationRun(
                    (request.id() == null ? UUID.randomUUID() : request.id()).toString(),
                    request,
                    vm,
                    way.here().profile().name(),
                    way.there().profile().name(),
                    drivers.of(request, vm),
                    parts.outcomes(),
                    change -> changed.accept(change));
            runs.put(run.id(), run);
            forgetOldest();
        }
        threads.execute(() -> {
            Thread.currentThread().setName("migration-" + run.status().vm());
            run.run();
            ended.accept(run.status());
            parts.links().ended(run.status());
        });
        return run.status();
    }

    /** Sets the receiver of the final status of each migration. */
    public void whenEnded(Consumer<MigrationStatus> listener) {
        ended = listener;
    }

    /** Sets the receiver of what the watching changes about migrations. */
    public void whenChanged(Consumer<WatchChange> listener) {
        changed = listener;
    }

    private synchronized Optional<MigrationStatus> known(MigrationRequest request) {
        return Optional.ofNullable(request.id())
                .map(id -> runs.get(id.toString()))
                .map(MigrationRun::status);
    }

    /**
     * The techniques that can migrate a VM of this host to a destination.
     *
     * @throws Refusal                  when there is no such VM
     * @throws HostDriverException      when the destination does not answer
     * @throws IllegalArgumentException when the destination is this host
     */
    public TechniqueAvailability techniques(String vmName, URI destination) {
        return Way.of(parts, parts.vms().get(vmName), destination).techniques();
    }

    /**
     * Passes a VM that is in no migration.
     *
     * @throws Refusal when it is
     */
    public void throwIfBusy(Vm vm) {
        String id = migrationOf(vm).orElse(null);
        if (id != null) {
            throw Refusal.conflict(
                    "VM '%s' is in migration %s already. Wait for its end or cancel it.".formatted(vm.name(), id));
        }
    }

    /** Id of the migration that a VM is in: from this host, to this host, or one that an earlier host driver started. */
    public Optional<String> migrationOf(Vm vm) {
        synchronized (this) {
            for (MigrationRun run : runs.values()) {
                if (!run.status().phase().isFinal() && run.vm() == vm) {
                    return Optional.of(run.id());
                }
            }
        }
        return vm.migration();
    }

    /** Whether a VM leaves this host now: its migration is beyond the profile, or an earlier host driver started it. */
    public boolean sends(Vm vm) {
        synchronized (this) {
            for (MigrationRun run : runs.values()) {
                Phase phase = run.status().phase();
                if (run.status().vm().equals(vm.name()) && !phase.isFinal()) {
                    return phase != Phase.PROFILING;
                }
            }
        }
        return vm.migration().isPresent();
    }

    /** Name of the host that a VM is being migrated to, if it is in a migration. */
    public synchronized Optional<String> destinationOf(String vm) {
        return runs.values().stream()
                .map(MigrationRun::status)
                .filter(status -> status.vm().equals(vm) && !status.phase().isFinal())
                .map(MigrationStatus::destination)
                .findFirst();
    }

    /** Cancels the migration that a VM is in, if there is one that can be cancelled. */
    public void withdraw(String vm, String why) {
        List<MigrationRun> open;
        synchronized (this) {
            open = runs.values().stream()
                    .filter(run -> run.status().vm().equals(vm)
                            && !run.status().phase().isFinal())
                    .toList();
        }
        for (MigrationRun run : open) {
            run.note(why);
            try {
                run.cancel();
            } catch (Refusal e) {
                LOG.warn("{}", e.getMessage());
            }
        }
    }

    /** Whether this host driver runs a migration of this id. */
    public synchronized boolean runs(String id) {
        MigrationRun run = runs.get(id);
        return run != null && !run.status().phase().isFinal();
    }

    /** Whether this host driver runs a migration of this id, or has run it. */
    public synchronized boolean knows(String id) {
        return runs.containsKey(id);
    }

    /** Whether any migration from this host has not ended. */
    public synchronized boolean anyRuns() {
        return runs.values().stream().anyMatch(run -> !run.status().phase().isFinal());
    }

    /** All that are remembered, oldest first. */
    public synchronized List<MigrationStatus> all() {
        return runs.values().stream().map(MigrationRun::status).toList();
    }

    /**
     * The migration of this id.
     *
     * @throws Refusal when there is none
     */
    public MigrationStatus get(String id) {
        MigrationRun run = run(id);
        run.asked();
        return run.status();
    }

    /**
     * Requests cancellation of a migration; it ends soon after.
     *
     * @throws Refusal when there is none of this id, it has ended, or is in post-copy
     */
    public void cancel(String id) {
        run(id).cancel();
    }

    /**
     * Passes all events of a migration to a listener, past ones first, on the thread on which they happen: the listener must return
     * at once.
     *
     * @throws Refusal when there is none of this id
     */
    public Runnable follow(String id, Consumer<MigrationEvent> listener) {
        MigrationRun run = run(id);
        run.asked();
        EventLog events = run.events();
        events.follow(listener);
        return () -> events.unfollow(listener);
    }

    private synchronized MigrationRun run(String id) {
        MigrationRun run = runs.get(id);
        if (run == null) {
            throw Refusal.unknown("There is no migration '%s' here. The last %d that ended are remembered."
                    .formatted(id, REMEMBERED));
        }
        return run;
    }

    private void forgetOldest() {
        List<String> ended = runs.values().stream()
                .map(MigrationRun::status)
                .filter(status -> status.phase().isFinal())
                .map(MigrationStatus::id)
                .toList();
        for (int i = 0; i < ended.size() - REMEMBERED; i++) {
            runs.remove(ended.get(i));
        }
    }

    /** Cancels what can be cancelled and waits for it; QEMU finishes a migration in post-copy alone. */
    @Override
    public void close() {
        List<MigrationRun> open;
        synchronized (this) {
            closed = true;
            open = new ArrayList<>(runs.values());
        }
        open.removeIf(run -> run.status().phase().isFinal());
        for (MigrationRun run : open) {
            if (run.outlivesHostDriver()) {
                continue;
            }
            try {
                run.cancel();
            } catch (Refusal e) {
                LOG.warn("{} QEMU finishes it alone; the next host driver takes over.", e.getMessage());
            }
        }
        if (open.stream().allMatch(MigrationRun::outlivesHostDriver)) {
            threads.shutdownNow();
        } else {
            threads.shutdown();
        }
        try {
            boolean postcopy = open.stream().anyMatch(run -> run.status().phase() == Phase.POSTCOPY);
            if (!threads.awaitTermination(LAST_WAIT.toSeconds(), TimeUnit.SECONDS) && !postcopy) {
                LOG.warn("A migration did not end within {} s", LAST_WAIT.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
