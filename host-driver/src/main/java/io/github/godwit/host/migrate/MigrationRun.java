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
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migration away from this host: its status for all who ask, and its way through the phases on a thread of its own.
 *
 * <pre>
 * PROFILING → PREPARING → MIGRATING → (POSTCOPY) → COMPLETED
 *     │            │           │           │
 *     └────────────┴───────────┴─ CANCELLED │  before post-copy
 *     └────────────┴───────────┴───────────┴─ FAILED
 * </pre>
 *
 * <p>Whatever happens, the reservations of both hosts are lifted, and before post-copy the VM goes on here.
 */
public final class MigrationRun implements Runnable, SupervisedRun {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationRun.class);

    private final MigrationRequest request;
    private final Vm vm;
    private final MigrationDriver way;
    private final Consumer<Outcome> outcomes;
    private final EventLog events = new EventLog();
    private MigrationStatus status;
    private volatile MigrationDecision decision;
    private boolean cancelWanted;
    private boolean committed;
    private Runnable wake = () -> {};

    /** Thrown where a cancelled migration stops. */
    public static final class CancelledException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Outcome outcome;

        public CancelledException(String message, Outcome outcome) {
            super(message);
            this.outcome = outcome;
        }
    }

    MigrationRun(
            String id,
            MigrationRequest request,
            Vm vm,
            String source,
            String destination,
            MigrationDriver way,
            Consumer<Outcome> outcomes) {
        this.outcomes = outcomes;
        this.request = request;
        this.vm = vm;
        this.way = way;
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
        record("The VM is looked at");
    }

    public String id() {
        return status().id();
    }

    public MigrationRequest request() {
        return request;
    }

    public Vm vm() {
        return vm;
    }

    public synchronized MigrationStatus status() {
        return status;
    }

    /** Whether it goes on when this agent ends. */
    boolean outlivesAgent() {
        return way.outlivesAgent();
    }

    EventLog events() {
        return events;
    }

    @Override
    public void run() {
        try {
            way.begin(this);
            Outcome outcome = way.carryOut(this);
            end(Phase.COMPLETED, "The VM is on " + status().destination(), null, outcome);
        } catch (CancelledException e) {
            stays();
            end(Phase.CANCELLED, e.getMessage(), e.outcome == null ? null : e.getMessage(), e.outcome);
        } catch (IOException | RuntimeException e) {
            LOG.warn("Migration {} of VM '{}' failed", id(), vm.name(), e);
            stays();
            end(Phase.FAILED, "Failed: " + e.getMessage(), String.valueOf(e.getMessage()), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stays();
            end(Phase.FAILED, "The agent was stopped", "The agent was stopped in the middle.", null);
        }
    }

    private void stays() {
        try {
            if (vm.alive() && status().phase() != Phase.POSTCOPY) {
                way.stay();
            }
        } catch (IOException e) {
            LOG.warn("Cannot note that VM '{}' stays: {}", vm.name(), e.getMessage());
        }
    }

    /** The technique is chosen; the destination comes next. */
    public void chosen(PreparedMigration plan) {
        decision = plan.decision();
        update(with(decision.technique(), PhaseRule.next(status().phase(), Phase.PREPARING), null, null, null));
        record("%s: %s".formatted(decision.technique(), decision.reason()));
        plan.changes().forEach(this::note);
    }

    /** Has a request for cancellation call this. */
    public synchronized void wakeBy(Runnable call) {
        wake = call;
    }

    /** QEMU has begun to send. */
    public void migrating(Runnable wakeSupervisor) {
        wakeBy(wakeSupervisor);
        enter(Phase.MIGRATING);
        record("QEMU sends the VM to " + status().destination());
    }

    @Override
    public void inPostcopy() {
        if (status().phase() == Phase.MIGRATING) {
            enter(Phase.POSTCOPY);
            record("The VM runs on %s, its pages follow".formatted(status().destination()));
        }
    }

    @Override
    public void progress(MigrationInfo info) {
        MigrationStatus now = status();
        update(with(now.technique(), now.phase(), info.progress(), null, null));
        events.progress(new MigrationEvent(Instant.now(), now.phase(), "", status()));
    }

    /** Something worth telling that changes no phase. */
    public void note(String message) {
        LOG.info("Migration {} of VM '{}': {}", id(), vm.name(), message);
        record(message);
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
                outcome);
    }

    private synchronized void update(MigrationStatus changed) {
        status = changed;
    }

    /**
     * Asks for cancellation; the run ends soon after.
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

    /** Stops here when cancellation was asked for. */
    public void stopIfCancelled() throws CancelledException {
        if (cancelWanted()) {
            throw new CancelledException("Cancelled before QEMU sent anything", null);
        }
    }
}
