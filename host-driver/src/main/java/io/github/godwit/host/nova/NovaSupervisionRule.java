package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.Moment;
import io.github.godwit.host.migrate.Step;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.host.nova.NovaSupervisionAction.Command;
import io.github.godwit.host.nova.NovaSupervisionAction.End;
import io.github.godwit.host.nova.NovaSupervisionAction.Fail;
import io.github.godwit.host.nova.NovaSupervisionAction.Note;
import io.github.godwit.host.nova.NovaSupervisionAction.ReportProgress;
import io.github.godwit.host.nova.NovaSupervisionEvent.DowntimePolled;
import io.github.godwit.host.nova.NovaSupervisionEvent.Polled;
import io.github.godwit.host.nova.NovaSupervisionEvent.Signalled;
import io.github.godwit.host.nova.NovaSupervisionEvent.TimePassed;
import io.github.godwit.host.nova.PendingNovaMigration.FromLibvirt;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.PendingNovaMigration.Signal;
import io.github.godwit.host.nova.PendingNovaMigration.Wake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what to do about each event of a migration that Nova has libvirt run. Pure: the same event, state and moment always give
 * the same step, and {@link NovaSupervisor} performs it.
 *
 * <ul>
 *   <li>libvirt's event that the job has completed ends a migration. Where it does not come, nova-compute's message does.
 *   <li>libvirt is polled twice a second and at each round over the memory. As long as it has a job, the migration is waited for.
 *   <li>Nova sets the time limit and starts post-copy; the host driver only aborts the job when its caller wants that.
 * </ul>
 */
final class NovaSupervisionRule {

    /** From the answer to libvirt's job. */
    static final Duration BEGIN = Duration.ofSeconds(30);

    /** From nova-compute's message to libvirt's event, or from the end of the job to either. */
    static final Duration LAST_WORD = Duration.ofSeconds(2);

    private NovaSupervisionRule() {}

    /** The state when nova-compute has been answered. */
    static NovaSupervisionState initial(long nanos) {
        return NovaSupervisionState.startedAt(nanos, nanos + BEGIN.toNanos());
    }

    /**
     * Decides about an event.
     *
     * @param event what happened
     * @param state what the rule remembers: {@link #initial}, or the state of the step before
     * @param now   when it happened, and whether the caller wants the migration cancelled
     */
    static Step<NovaSupervisionState, NovaSupervisionAction> next(
            NovaSupervisionEvent event, NovaSupervisionState state, Moment now) {
        if (event instanceof Signalled signalled) {
            return signalled(signalled.signal(), state, now);
        } else if (event instanceof TimePassed) {
            return now.nanos() - state.nextPollNanos() >= 0
                    ? Step.of(state.pollingAt(now.nanos() + MigrationInfo.POLL_EVERY.toNanos()), Command.POLL)
                    : endIfOverdue(state, now);
        } else if (event instanceof Polled polled) {
            return polled.stats().map(stats -> moved(state, stats, now)).orElseGet(() -> endIfOverdue(state, now));
        } else if (event instanceof DowntimePolled polled) {
            return switched(state, polled.stats());
        }
        throw new IllegalArgumentException("There is no rule for %s.".formatted(event));
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> signalled(
            Signal signal, NovaSupervisionState state, Moment now) {
        if (signal instanceof FromLibvirt libvirt) {
            return reported(libvirt.event(), state, now);
        } else if (signal instanceof FromNova nova && nova.message().message().isEnd() && state.end() == null) {
            return nova.message().message() == Kind.REFUSED
                    ? Step.of(
                            state,
                            new Fail("libvirt refused the advice; Nova migrates with its own flags: "
                                    + nova.message().words()))
                    : Step.of(state.endedBy(nova.message()).waitingUntil(now.nanos() + LAST_WORD.toNanos()));
        } else if (signal instanceof Wake && now.cancelWanted()) {
            return Step.of(state, Command.ABORT);
        }
        return Step.of(state);
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> reported(
            JobEvent event, NovaSupervisionState state, Moment now) {
        if (event instanceof JobEvent.Iteration) {
            return Step.of(state.pollingAt(now.nanos()));
        } else if (event instanceof JobEvent.Postcopy) {
            return Step.of(state, Command.COMMIT_TO_POSTCOPY, Command.POLL_DOWNTIME);
        } else if (event instanceof JobEvent.Completed completed
                && completed.stats().migrationOut()) {
            return completed(completed.stats(), state, now);
        }
        return Step.of(state);
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> completed(
            JobStats stats, NovaSupervisionState state, Moment now) {
        boolean aborted = state.end() != null && state.end().message() == Kind.ABORTED;
        String status = stats.success() ? "completed" : now.cancelWanted() || aborted ? "cancelled" : "failed";
        // libvirt forgets the figures of a job that did not go well.
        JobStats figures = stats.progress().elapsedMillis() > 0 ? stats : state.last();
        MigrationInfo info = MigrationInfo.of(figures, status, stats.success() ? null : stats.error());
        return Step.of(
                state,
                Command.MEASURE_COST,
                new ReportProgress(info),
                new End(info.withSwitchDowntime(state.switchDowntimeMillis())));
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> moved(
            NovaSupervisionState state, JobStats stats, Moment now) {
        long deadline = Math.max(state.deadlineNanos(), now.nanos() + LAST_WORD.toNanos());
        return new Step<>(state.moved(stats).waitingUntil(deadline), figures(stats));
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

    private static Step<NovaSupervisionState, NovaSupervisionAction> endIfOverdue(
            NovaSupervisionState state, Moment now) {
        if (now.nanos() - state.deadlineNanos() < 0) {
            return Step.of(state);
        } else if (state.end() != null) {
            return endByNova(state, state.end());
        }
        return Step.of(
                state,
                new Fail(
                        state.begun()
                                ? "Neither libvirt nor nova-compute reported how the migration ended. See the log of nova-compute."
                                : "Nova asked for the migration but did not begin it within %d s. See the log of nova-compute."
                                        .formatted(BEGIN.toSeconds())));
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> endByNova(
            NovaSupervisionState state, NovaMessage end) {
        if (end.message() == Kind.COMPLETED) {
            // The last figures are not those of the end.
            MigrationInfo info = MigrationInfo.of(new JobStats(Map.of()), "completed", end.words());
            return Step.of(
                    state,
                    new Note("libvirt did not report the figures of the migration"),
                    new End(info.withSwitchDowntime(state.switchDowntimeMillis())));
        }
        String status = end.message() == Kind.ABORTED ? "cancelled" : "failed";
        MigrationInfo info = MigrationInfo.of(state.last(), status, end.words());
        return Step.of(state, new End(info.withSwitchDowntime(state.switchDowntimeMillis())));
    }
}
