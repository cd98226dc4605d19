package io.github.godwit.host.migrate.steps;

import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.Moment;
import io.github.godwit.host.migrate.Step;
import io.github.godwit.host.migrate.recover.RecoveryRule;
import io.github.godwit.host.migrate.steps.SupervisionAction.Apply;
import io.github.godwit.host.migrate.steps.SupervisionAction.Command;
import io.github.godwit.host.migrate.steps.SupervisionAction.End;
import io.github.godwit.host.migrate.steps.SupervisionAction.Fail;
import io.github.godwit.host.migrate.steps.SupervisionAction.Note;
import io.github.godwit.host.migrate.steps.SupervisionAction.ReportProgress;
import io.github.godwit.host.migrate.steps.SupervisionAction.ReportRecovery;
import io.github.godwit.host.migrate.steps.SupervisionEvent.CommandFailed;
import io.github.godwit.host.migrate.steps.SupervisionEvent.DowntimePolled;
import io.github.godwit.host.migrate.steps.SupervisionEvent.Polled;
import io.github.godwit.host.migrate.steps.SupervisionEvent.PostcopyAnswered;
import io.github.godwit.host.migrate.steps.SupervisionEvent.RecoveryTried;
import io.github.godwit.host.migrate.steps.SupervisionEvent.Reported;
import io.github.godwit.host.migrate.steps.SupervisionEvent.TimePassed;
import io.github.godwit.host.migrate.steps.SupervisionState.Cancellation;
import io.github.godwit.host.qmp.QemuMigrationStatus;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.model.technique.Technique.Switchover;
import io.github.godwit.model.watch.MigrationWatch;
import io.github.godwit.model.watch.WatchChange;
import io.github.godwit.model.watch.WatchChange.BeginAgain;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what to do about each event of a migration that QEMU runs on the source. Pure: the same event, state and moment always
 * give the same step, and {@link Supervisor} performs it.
 *
 * <ul>
 *   <li>Before post-copy, a migration is cancelled once, at its time limit or when the caller wants it. Post-copy is never
 *       cancelled: the VM runs on the destination.
 *   <li>QEMU is polled twice a second, after each round of pre-copy, and as soon as an event announces the end. Only what it answers ends a migration.
 *   <li>A cancelled migration that QEMU does not end within {@code cancelPatience} ends as stuck.
 *   <li>Whatever shows that QEMU is in post-copy, an event or a poll, enters post-copy: from then on the destination has the VM. While it
 *       only loads the devices there ({@code postcopy-device}, QEMU 10.2), the VM is still the source's.
 *   <li>A status that Godwit does not know is reported once, and is that of a migration that runs.
 *   <li>After each poll in pre-copy, {@link MigrationWatch} decides whether something is changed. Where post-copy is possible, a migration
 *       that reaches its time limit is switched to post-copy instead of being cancelled.
 *   <li>A migration that is to be begun again is cancelled; whoever supervises it begins it again.
 *   <li>A post-copy whose connection broke is recovered as {@link RecoveryRule} decides.
 *   <li>The monitor is reconnected up to {@value #MOST_RECONNECTS} times.
 * </ul>
 *
 * @param switchover     when post-copy starts
 * @param startedNanos   when {@code migrate} was sent
 * @param limit          time after which the migration is cancelled
 * @param cancelPatience how long QEMU may take to cancel it
 * @param watch          what may be changed while it runs
 * @param downtimeLimit  the downtime limit that it begins with
 * @param recovery       when a post-copy whose connection broke is recovered
 */
record SupervisionRule(
        Switchover switchover,
        long startedNanos,
        Duration limit,
        Duration cancelPatience,
        MigrationWatch watch,
        Duration downtimeLimit,
        RecoveryRule recovery) {

    private static final int MOST_RECONNECTS = 3;

    private static final String UNKNOWN =
            "QEMU reports the status '%s', which Godwit does not know, and counts as that of a migration that runs";

    /** The end of a round is polled at once, but not sooner after the last poll than this. */
    private static final Duration ROUND_POLLS_APART = Duration.ofMillis(100);

    /** The state when {@code migrate} has been sent. */
    SupervisionState initial() {
        return SupervisionState.startedAt(startedNanos, downtimeLimit);
    }

    /** When {@link TimePassed} is due: at the next poll, or at the time limit where that still matters and comes first. */
    long dueNanos(SupervisionState state) {
        long deadline = startedNanos + limit.toNanos();
        boolean unlimited = state.cancelling() || state.switched();
        return unlimited || deadline - state.nextPollNanos() > 0 ? state.nextPollNanos() : deadline;
    }

    /**
     * Decides about an event.
     *
     * @param event what happened
     * @param state what the rule remembers: {@link #initial}, or the state of the step before
     * @param now   when it happened, and whether the caller wants the migration cancelled
     */
    Step<SupervisionState, SupervisionAction> next(SupervisionEvent event, SupervisionState state, Moment now) {
        if (event instanceof Reported reported) {
            return reported(reported.event(), state, now);
        } else if (event instanceof TimePassed) {
            return timePassed(state, now);
        } else if (event instanceof Polled polled) {
            return polled(polled.info(), state, now);
        } else if (event instanceof DowntimePolled polled) {
            return Step.of(state.withSwitchDowntime(polled.info().downtimeMillis()));
        } else if (event instanceof PostcopyAnswered answered) {
            return answered.permitted() ? Step.of(state.switchedOver(), Command.START_POSTCOPY) : Step.of(state);
        } else if (event instanceof RecoveryTried tried) {
            return recovering(recovery.tried(tried.attempt(), state.recovery(), now.nanos()), state, now);
        } else if (event instanceof CommandFailed failed) {
            return failed.failure().refused() ? Step.of(state, new Fail(failed.failure())) : connectionLost(state);
        }
        throw new IllegalArgumentException("There is no rule for %s.".formatted(event));
    }

    private Step<SupervisionState, SupervisionAction> reported(QmpEvent event, SupervisionState before, Moment now) {
        QemuMigrationStatus status =
                QemuMigrationStatus.of(event.data().path("status").asText());
        SupervisionState state = before.with(recovery.reported(status, before.recovery()));
        if (event.name().equals(QmpEvent.CLOSED)) {
            return connectionLost(state);
        } else if (!state.switched() && !state.cancelling() && PostcopyTrigger.isDue(switchover, event)) {
            return Step.of(state, Command.ASK_FOR_POSTCOPY);
        } else if (status == QemuMigrationStatus.POSTCOPY_PAUSED
                || (status == QemuMigrationStatus.POSTCOPY_ACTIVE
                        && state.recovery().broken())) {
            return Step.of(state.pollingAt(now.nanos()));
        } else if (status == QemuMigrationStatus.POSTCOPY_ACTIVE) {
            // The VM runs on the destination, whether or not the monitor answers the poll.
            return Step.of(state, Command.ENTER_POSTCOPY, Command.POLL_DOWNTIME);
        } else if (status.isFinal()) {
            // Before the poll, which QEMU may answer late.
            return Step.of(state.withEndAnnounced(true), Command.MEASURE_COST);
        } else if (event.name().equals("MIGRATION_PASS") && !state.switched() && !state.cancelling()) {
            if (switchover == Switchover.AFTER_FIRST_ROUND) {
                return Step.of(state.pollingAt(now.nanos()));
            }
            long soon = state.nextPollNanos() - MigrationInfo.POLL_EVERY.toNanos() + ROUND_POLLS_APART.toNanos();
            return Step.of(soon - now.nanos() > 0 ? state.pollingAt(soon) : state.pollingAt(now.nanos()));
        }
        return Step.of(state);
    }

    private static Step<SupervisionState, SupervisionAction> connectionLost(SupervisionState state) {
        SupervisionState lost = state.withEndAnnounced(false).lostConnection();
        if (lost.reconnects() > MOST_RECONNECTS) {
            return Step.of(
                    lost,
                    new Fail(new IOException(
                            "The QEMU monitor was lost %d times in one migration, more than %d. Check QEMU and the load of this host."
                                    .formatted(lost.reconnects(), MOST_RECONNECTS))));
        }
        // Nobody knows whether QEMU got the command; it accepts a second one.
        boolean startAgain = lost.switched() && lost.switchDowntimeMillis() < 0;
        return startAgain ? Step.of(lost, Command.RECONNECT, Command.START_POSTCOPY) : Step.of(lost, Command.RECONNECT);
    }

    private Step<SupervisionState, SupervisionAction> timePassed(SupervisionState state, Moment now) {
        return state.endAnnounced() || now.nanos() - state.nextPollNanos() >= 0
                ? Step.of(state.pollingAt(now.nanos() + MigrationInfo.POLL_EVERY.toNanos()), Command.POLL)
                : cancelIfDue(state, now, List.of());
    }

    private Step<SupervisionState, SupervisionAction> polled(MigrationInfo info, SupervisionState before, Moment now) {
        SupervisionState state = before.withEndAnnounced(false).moved(info);
        List<SupervisionAction> actions = new ArrayList<>();
        if (!before.endAnnounced()) {
            actions.add(Command.MEASURE_COST);
        }
        if (info.inPostcopy()) {
            actions.add(Command.ENTER_POSTCOPY);
        }
        actions.add(new ReportProgress(info));
        if (!state.switched() && !state.cancelling() && PostcopyTrigger.isDue(switchover, info)) {
            actions.add(Command.ASK_FOR_POSTCOPY);
        }
        if (info.meaning() == QemuMigrationStatus.UNKNOWN && !state.hasSeen(info.status())) {
            actions.add(new Note(UNKNOWN.formatted(info.status())));
            state = state.seen(info.status());
        }
        Step<SupervisionState, SupervisionAction> recovering =
                recovering(recovery.polled(info.meaning(), info.reason(), state.recovery(), now.nanos()), state, now);
        state = recovering.state();
        actions.addAll(recovering.actions());
        if (info.isFinal() || isStuck(state, now)) {
            actions.add(new End(new MigrationEnd(
                    lasting(info, state),
                    state.timedOut(),
                    !info.isFinal(),
                    made(info, state),
                    state.recovery().soFar(now.nanos()))));
        } else if (info.meaning() != QemuMigrationStatus.POSTCOPY_PAUSED) {
            SupervisionState watched = watched(info, state, now, actions);
            boolean changed = watched.changes().size() > state.changes().size();
            return changed ? new Step<>(watched, actions) : cancelIfDue(watched, now, actions);
        }
        return new Step<>(state, actions);
    }

    /** The changes that were made: a migration that completed before it was cancelled is not begun again. */
    private static List<WatchChange> made(MigrationInfo info, SupervisionState state) {
        return state.changes().stream()
                .filter(change -> !info.completed() || !(change instanceof BeginAgain))
                .toList();
    }

    private SupervisionState watched(
            MigrationInfo info, SupervisionState state, Moment now, List<SupervisionAction> actions) {
        if (state.switched() || state.cancelling() || info.meaning() != QemuMigrationStatus.ACTIVE) {
            return state;
        }
        MigrationWatch.Decision decision = watch.next(info.round(), state.rounds());
        decision.change().map(Apply::new).ifPresent(actions::add);
        SupervisionState watched = state.watched(decision);
        if (decision.change().filter(BeginAgain.class::isInstance).isEmpty()) {
            return watched;
        }
        actions.add(Command.CANCEL);
        return watched.cancelled(new Cancellation(now.nanos(), false));
    }

    private Step<SupervisionState, SupervisionAction> cancelIfDue(
            SupervisionState state, Moment now, List<SupervisionAction> before) {
        boolean late = now.nanos() - startedNanos >= limit.toNanos();
        if (state.cancelling() || state.switched() || !(late || now.cancelWanted())) {
            return new Step<>(state, before);
        }
        List<SupervisionAction> actions = new ArrayList<>(before);
        if (!now.cancelWanted() && state.lastMoving() != null) {
            Optional<WatchChange> instead =
                    watch.insteadOfCancelling(state.lastMoving().round());
            if (instead.isPresent()) {
                actions.add(new Apply(instead.get()));
                return new Step<>(state.changedBy(instead.get()), actions);
            }
        }
        actions.add(Command.CANCEL);
        return new Step<>(state.cancelled(new Cancellation(now.nanos(), late)), actions);
    }

    private boolean isStuck(SupervisionState state, Moment now) {
        return state.cancelling() && now.nanos() - state.cancellation().sinceNanos() > cancelPatience.toNanos();
    }

    /** The figures to keep: QEMU forgets those of a cancelled migration, and the first downtime of a post-copy. */
    private static MigrationInfo lasting(MigrationInfo last, SupervisionState state) {
        boolean forgotten = state.cancelling() || last.progress().elapsedMillis() == 0;
        if (!last.completed() && forgotten && state.lastMoving() != null) {
            return last.withProgress(state.lastMoving().progress());
        }
        return state.switched() ? last.withSwitchDowntime(state.switchDowntimeMillis()) : last;
    }

    private static Step<SupervisionState, SupervisionAction> recovering(
            RecoveryRule.Decision decision, SupervisionState before, Moment now) {
        SupervisionState state = before.with(decision.state());
        List<SupervisionAction> actions = new ArrayList<>();
        boolean givesUp = decision.action() == RecoveryRule.Action.GIVE_UP;
        if (givesUp || !decision.state().counts().equals(before.recovery().counts())) {
            actions.add(new ReportRecovery(decision.state().soFar(now.nanos())));
        }
        if (givesUp) {
            actions.add(new Fail(new IOException(decision.words())));
            return new Step<>(state, actions);
        }
        if (!decision.words().isEmpty()) {
            actions.add(new Note(decision.words()));
        }
        if (decision.action() == RecoveryRule.Action.TRY) {
            actions.add(Command.RECOVER);
        }
        return new Step<>(state, actions);
    }
}
