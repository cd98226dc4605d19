package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.Step;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.host.nova.NovaSupervisionAction.Apply;
import io.github.godwit.host.nova.NovaSupervisionAction.Command;
import io.github.godwit.host.nova.NovaSupervisionAction.End;
import io.github.godwit.host.nova.NovaSupervisionAction.Note;
import io.github.godwit.host.nova.NovaSupervisionAction.Remember;
import io.github.godwit.host.nova.NovaSupervisionAction.ReportProgress;
import io.github.godwit.host.nova.NovaSupervisionAction.TakeBack;
import io.github.godwit.host.nova.NovaSupervisionEvent.DowntimePolled;
import io.github.godwit.host.nova.NovaSupervisionEvent.Located;
import io.github.godwit.host.nova.NovaSupervisionEvent.Polled;
import io.github.godwit.host.nova.NovaSupervisionEvent.Signalled;
import io.github.godwit.host.nova.NovaSupervisionEvent.TimePassed;
import io.github.godwit.host.nova.PendingNovaMigration.FromLibvirt;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.PendingNovaMigration.Signal;
import io.github.godwit.host.nova.PendingNovaMigration.Wake;
import io.github.godwit.model.watch.MigrationWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what to do about each event of a migration that Nova has libvirt run. Pure: the same event, state and moment always give
 * the same step, and {@link NovaSupervisor} performs it.
 *
 * <ul>
 *   <li>libvirt's event that the job has completed ends a migration. Where it does not come, nova-compute's message does, and where that
 *       does not come either, the place where the VM is ({@link NovaEndRule}).
 *   <li>libvirt is polled twice a second and at each round over the memory. As long as it has a job, or nova-compute shows that it follows
 *       the migration, the migration is waited for.
 *   <li>Where libvirt does not carry out the advice, nova-compute uses Nova's own flags, and that second job is followed like the first.
 *   <li>While pre-copy runs, {@link MigrationWatch} decides whether nova-compute is requested to switch to post-copy.
 *   <li>Nova sets the time limit and starts post-copy. The host driver aborts the job when its caller wants that, and when nova-compute has
 *       been silent for two minutes although it has to switch to post-copy: without the switch the job might never end. nova-compute does
 *       the same when it starts again ({@code _reset_live_migration}).
 * </ul>
 */
final class NovaSupervisionRule {

    /** From the answer to libvirt's job. */
    static final Duration BEGIN = Duration.ofSeconds(30);

    /** From nova-compute's message to libvirt's event, or from the end of the job to either. */
    static final Duration LAST_WORD = Duration.ofSeconds(2);

    /** How long the last sign of nova-compute holds. */
    static final Duration SIGN_HOLDS = MigrationAdvice.SIGN_EVERY.multipliedBy(4);

    /** How long nova-compute may be silent before a job that needs it is aborted. */
    static final Duration DESERTED = Duration.ofMinutes(2);

    private NovaSupervisionRule() {}

    /**
     * The state when nova-compute has been answered.
     *
     * @param switches whether nova-compute has to switch the migration to post-copy
     */
    static NovaSupervisionState initial(long nanos, boolean switches) {
        return NovaSupervisionState.startedAt(nanos, nanos + BEGIN.toNanos(), switches);
    }

    /**
     * Decides about an event.
     *
     * @param event what happened
     * @param state what the rule remembers: {@link #initial}, or the state of the step before
     * @param now   when and under which circumstances it happened
     */
    static Step<NovaSupervisionState, NovaSupervisionAction> next(
            NovaSupervisionEvent event, NovaSupervisionState state, NovaMoment now) {
        if (event instanceof Signalled signalled) {
            return signalled(signalled.signal(), state, now);
        } else if (event instanceof TimePassed) {
            return now.nanos() - state.nextPollNanos() >= 0
                    ? Step.of(state.pollingAt(now.nanos() + MigrationInfo.POLL_EVERY.toNanos()), Command.POLL)
                    : NovaEndRule.ifOverdue(state, now);
        } else if (event instanceof Polled polled) {
            return polled.stats()
                    .map(stats -> moved(state, stats, now))
                    .orElseGet(() -> NovaEndRule.ifOverdue(state, now));
        } else if (event instanceof DowntimePolled polled) {
            return switched(state, polled.stats());
        } else if (event instanceof Located located) {
            return NovaEndRule.located(located.place(), state, now);
        }
        throw new IllegalArgumentException("There is no rule for %s.".formatted(event));
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> signalled(
            Signal signal, NovaSupervisionState state, NovaMoment now) {
        if (signal instanceof FromLibvirt libvirt) {
            return reported(libvirt.event(), state, now);
        } else if (signal instanceof FromNova nova && state.end() == null) {
            return said(nova, state, now);
        } else if (signal instanceof Wake && now.cancelWanted()) {
            return Step.of(state, Command.ABORT);
        }
        return Step.of(state);
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> said(
            FromNova said, NovaSupervisionState state, NovaMoment now) {
        NovaMessage message = said.message();
        if (message.message().isEnd()) {
            return Step.of(state.endedBy(message).waitingUntil(now.nanos() + LAST_WORD.toNanos()));
        }
        return switch (message.message()) {
            case ALIVE -> Step.of(state.signedAt(now.nanos()).waitingAtLeastUntil(now.nanos() + SIGN_HOLDS.toNanos()));
            case POSTCOPY -> Step.of(state.inPostcopy());
            case REFUSED ->
                Step.of(
                        state.refusedBy(message).waitingAtLeastUntil(now.nanos() + BEGIN.toNanos()),
                        new TakeBack(said));
            default -> Step.of(state);
        };
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> reported(
            JobEvent event, NovaSupervisionState state, NovaMoment now) {
        if (event instanceof JobEvent.Iteration) {
            return Step.of(state.pollingAt(now.nanos()));
        } else if (event instanceof JobEvent.Paused) {
            // libvirt ends QEMU before it reports the end of the job.
            return Step.of(state, Command.MEASURE_COST);
        } else if (event instanceof JobEvent.Postcopy) {
            return Step.of(state.inPostcopy(), Command.COMMIT_TO_POSTCOPY, Command.POLL_DOWNTIME);
        } else if (event instanceof JobEvent.Completed completed
                && completed.stats().migrationOut()) {
            return completed(completed.stats(), state, now);
        }
        return Step.of(state);
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> completed(
            JobStats stats, NovaSupervisionState state, NovaMoment now) {
        boolean aborted = state.end() != null && state.end().message() == Kind.ABORTED;
        String status = stats.success() ? "completed" : now.cancelWanted() || aborted ? "cancelled" : "failed";
        // libvirt forgets the figures of a job that did not go well.
        JobStats figures = stats.progress().elapsedMillis() > 0 ? stats : state.last();
        MigrationInfo info = MigrationInfo.of(figures, status, stats.success() ? null : stats.error());
        List<NovaSupervisionAction> actions = new ArrayList<>(List.of(Command.MEASURE_COST, new ReportProgress(info)));
        NovaSupervisionState next = state.moved(figures);
        if (stats.success() && unknownRefusal(state)) {
            next = next.remembered();
            actions.add(new Remember(state.refusal()));
        }
        actions.add(new End(info.withSwitchDowntime(state.switchDowntimeMillis())));
        return new Step<>(next, actions);
    }

    /** A refusal is one of the technique only if Nova's own flags get further: otherwise it may be the destination that is down. */
    private static boolean unknownRefusal(NovaSupervisionState state) {
        return state.refusal() != null && !state.nova().remembered();
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> moved(
            NovaSupervisionState before, JobStats stats, NovaMoment now) {
        NovaSupervisionState state = before.moved(stats).waitingAtLeastUntil(now.nanos() + LAST_WORD.toNanos());
        List<NovaSupervisionAction> actions = new ArrayList<>(figures(stats));
        if (stats.memoryBytes() > 0 && unknownRefusal(state)) {
            state = state.remembered();
            actions.add(new Remember(state.refusal()));
        }
        if (mayChange(state, now)) {
            MigrationWatch.Decision decision = state.watched()
                    .watch()
                    .next(
                            MigrationInfo.of(stats, "active", null).round(),
                            state.watched().rounds());
            decision.change().map(Apply::new).ifPresent(actions::add);
            state = state.decided(decision);
        }
        if (now.cancelWanted() && !before.job().begun()) {
            // It was wanted when there was no job yet, so that libvirt had nothing to abort.
            actions.add(Command.ABORT);
        }
        if (deserted(state, now)) {
            state = state.desertedAt(now.nanos());
            actions.add(new Note(
                    "nova-compute has not followed the migration for %d s, and has not switched it to post-copy. It is aborted"
                            .formatted(DESERTED.toSeconds())));
            actions.add(Command.ABORT);
        }
        return new Step<>(state, actions);
    }

    private static boolean mayChange(NovaSupervisionState state, NovaMoment now) {
        return state.watched().change().isEmpty()
                && !state.job().postcopy()
                && state.refusal() == null
                && !now.cancelWanted()
                && !now.withdrawn();
    }

    private static boolean deserted(NovaSupervisionState state, NovaMoment now) {
        NovaSupervisionState.Nova nova = state.nova();
        return nova.switches()
                && nova.signs()
                && nova.refusal() == null
                && !state.job().postcopy()
                && !now.withdrawn()
                && now.nanos() - nova.signNanos() >= DESERTED.toNanos();
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> switched(
            NovaSupervisionState before, Optional<JobStats> stats) {
        NovaSupervisionState state = stats.map(before::moved).orElse(before);
        List<NovaSupervisionAction> actions = new ArrayList<>();
        stats.ifPresent(found -> actions.addAll(figures(found)));
        actions.add(Command.ENTER_POSTCOPY);
        return new Step<>(state.withSwitchDowntime(state.last().downtimeMillis()), actions);
    }

    private static List<NovaSupervisionAction> figures(JobStats stats) {
        return List.of(Command.MEASURE_COST, new ReportProgress(MigrationInfo.of(stats, "active", null)));
    }
}
