package io.github.godwit.host.migrate;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.MigrationDecision;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.watch.PrecopyRound;
import io.github.godwit.model.watch.WatchChange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migration from this host: its status for every caller, and its course through the phases on its own thread.
 *
 * <pre>
 * PROFILING → PREPARING → MIGRATING → (POSTCOPY) → COMPLETED
 *     │            │           │           │
 *     └────────────┴───────────┴─ CANCELLED │  before post-copy
 *     └────────────┴───────────┴───────────┴─ FAILED
 * </pre>
 *
 * <p>However it ends, the reservations of both hosts are lifted; a migration that ends before post-copy leaves the VM running here. One that has ended
 * is remembered for long: it keeps its status and events, and nothing that it worked with.
 */
public final class MigrationRun implements Runnable, OngoingMigration {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationRun.class);

    private final MigrationRequest request;
    private volatile Vm vm;
    private volatile MigrationDriver driver;
    private final Consumer<Outcome> outcomes;
    private final Consumer<WatchChange> changes;
    private final EventLog events = new EventLog();
    private MigrationStatus status;
    private volatile MigrationDecision decision;
    private volatile PostcopyRecovery recovery;
    private volatile boolean observed;
    private volatile long askedNanos = System.nanoTime();
    private boolean cancelWanted;
    private boolean committed;
    private Runnable wake = () -> {};

    MigrationRun(
            String id,
            MigrationRequest request,
            Vm vm,
            String source,
            String destination,
            MigrationDriver driver,
            Consumer<Outcome> outcomes,
            Consumer<WatchChange> changes) {
        this.outcomes = outcomes;
        this.changes = changes;
        this.request = request;
        this.vm = vm;
        this.driver = driver;
        this.status = new MigrationStatus(
                id,
                vm.name(),
                source,
                destination,
                request.technique(),
                request.policy(),
                Phase.PROFILING,
                null,
                null,
                null,
                null);
        record("The VM is being profiled");
    }

    @Override
    public String id() {
        return status().id();
    }

    @Override
    public MigrationRequest request() {
        return request;
    }

    @Override
    public Vm vm() {
        return vm;
    }

    @Override
    public synchronized MigrationStatus status() {
        return status;
    }

    /** Whether it continues when this host driver ends. */
    boolean outlivesHostDriver() {
        MigrationDriver now = driver;
        return now != null && now.outlivesHostDriver();
    }

    EventLog events() {
        return events;
    }

    @Override
    public void run() {
        try {
            migrate();
        } finally {
            wakeBy(() -> {});
            vm = null;
            driver = null;
        }
    }

    private void migrate() {
        try {
            driver.begin(this);
            Outcome outcome = driver.run(this);
            end(Phase.COMPLETED, "The VM is on " + status().destination(), null, outcome);
        } catch (MigrationCancelledException e) {
            stays();
            end(
                    Phase.CANCELLED,
                    e.getMessage(),
                    e.outcome().isEmpty() ? null : e.getMessage(),
                    e.outcome().orElse(null));
        } catch (IOException | RuntimeException e) {
            LOG.warn("Migration {} of VM '{}' failed", id(), vm.name(), e);
            stays();
            end(Phase.FAILED, "Failed: " + e.getMessage(), String.valueOf(e.getMessage()), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stays();
            end(Phase.FAILED, "The host driver was stopped", "The host driver was stopped during the migration.", null);
        }
    }

    private void stays() {
        try {
            if (vm.alive() && status().phase() != Phase.POSTCOPY) {
                driver.stay();
            }
        } catch (IOException e) {
            LOG.warn("Cannot record that VM '{}' stays: {}", vm.name(), e.getMessage());
        }
    }

    @Override
    public void chosen(PreparedMigration plan) {
        decision = plan.decision();
        update(with(decision.technique(), PhaseRule.next(status().phase(), Phase.PREPARING), null, null, null));
        record("%s: %s".formatted(decision.technique(), decision.reason()));
        plan.changes().forEach(this::note);
    }

    @Override
    public synchronized void wakeBy(Runnable call) {
        wake = call;
    }

    @Override
    public void migrating(Runnable wakeSupervisor) {
        wakeBy(wakeSupervisor);
        enter(Phase.MIGRATING);
        record("QEMU sends the VM to " + status().destination());
    }

    @Override
    public void begunAgain(PreparedMigration plan) {
        wakeBy(() -> {});
        decision = plan.decision();
        events.beginAgain();
        update(with(decision.technique(), status().phase(), null, null, null));
        record("%s: %s".formatted(decision.technique(), decision.reason()));
    }

    @Override
    public void runsBy(Technique technique) {
        MigrationStatus now = status();
        update(with(technique, now.phase(), now.progress(), null, null));
    }

    @Override
    public void observed(boolean only) {
        observed = only;
    }

    @Override
    public Duration unfollowed() {
        return Duration.ofNanos(System.nanoTime() - askedNanos);
    }

    /** Somebody asks how it stands. */
    void asked() {
        askedNanos = System.nanoTime();
    }

    @Override
    public void inPostcopy() {
        if (status().phase() == Phase.MIGRATING) {
            enter(Phase.POSTCOPY);
            driver.left();
            record("The VM runs on %s, its pages follow".formatted(status().destination()));
        }
    }

    @Override
    public void progress(MigrationInfo info) {
        MigrationStatus now = status();
        update(with(now.technique(), now.phase(), info.progress(), null, null));
        events.progress(new MigrationEvent(Instant.now(), now.phase(), "", status()), info.round());
    }

    @Override
    public synchronized void recovery(PostcopyRecovery soFar) {
        recovery = soFar;
        MigrationStatus now = status;
        status = with(now.technique(), now.phase(), now.progress(), now.error(), now.outcome());
    }

    @Override
    public List<PrecopyRound> rounds() {
        return events.rounds();
    }

    @Override
    public void note(String message) {
        LOG.info("Migration {} of VM '{}': {}", id(), status().vm(), message);
        record(message);
    }

    @Override
    public void changed(WatchChange change) {
        note(change.note());
        changes.accept(change);
    }

    private void enter(Phase phase) {
        MigrationStatus now = status();
        update(with(now.technique(), PhaseRule.next(now.phase(), phase), now.progress(), null, null));
    }

    private void end(Phase phase, String message, String error, Outcome outcome) {
        if (outcome != null) {
            outcomes.accept(outcome);
        }
        MigrationStatus now = status();
        update(with(now.technique(), PhaseRule.next(now.phase(), phase), now.progress(), error, outcome));
        record(message);
        LOG.info("Migration {} of VM '{}' to {}: {}, {}", id(), vm.name(), now.destination(), phase, message);
    }

    private void record(String message) {
        MigrationStatus now = status();
        events.milestone(new MigrationEvent(Instant.now(), now.phase(), message, now));
    }

    private MigrationStatus with(Technique technique, Phase phase, Progress progress, String error, Outcome outcome) {
        MigrationStatus old = status();
        return new MigrationStatus(
                old.id(),
                old.vm(),
                old.source(),
                old.destination(),
                technique,
                old.policy(),
                phase,
                progress,
                error,
                decision,
                outcome,
                decision == null ? null : decision.policyVersion(),
                recovery,
                observed);
    }

    private synchronized void update(MigrationStatus changed) {
        status = changed;
    }

    /**
     * Requests cancellation; the run ends soon after.
     *
     * @throws Refusal when it has ended, or has gone to post-copy
     */
    void cancel() {
        Runnable call;
        synchronized (this) {
            if (status.phase().isFinal()) {
                throw Refusal.conflict(
                        "Migration %s has ended already: it is %s.".formatted(status.id(), status.phase()));
            }
            if (committed) {
                throw Refusal.conflict(
                        "Migration %s is in post-copy: the VM runs on %s already and only lacks pages. It cannot be cancelled; wait for its end."
                                .formatted(status.id(), status.destination()));
            }
            cancelWanted = true;
            call = wake;
        }
        call.run();
    }

    @Override
    public synchronized boolean cancelWanted() {
        return cancelWanted;
    }

    /** {@inheritDoc} After a true answer {@link #cancel} refuses. */
    @Override
    public synchronized boolean mayStartPostcopy() {
        committed = !cancelWanted;
        return committed;
    }

    @Override
    public void stopIfCancelled() throws MigrationCancelledException {
        if (cancelWanted()) {
            throw new MigrationCancelledException("Cancelled before QEMU sent anything");
        }
    }
}
