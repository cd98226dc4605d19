package io.github.godwit.host.migrate.steps;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.recover.RecoveryState;
import io.github.godwit.model.watch.MigrationWatch;
import io.github.godwit.model.watch.WatchChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What {@link SupervisionRule} remembers of a migration.
 *
 * @param nextPollNanos        when to poll QEMU next
 * @param cancellation         since when and why it is being cancelled, or null
 * @param switched             whether {@code migrate-start-postcopy} was sent
 * @param switchDowntimeMillis downtime at the switch to post-copy in ms, or -1
 * @param figures              what QEMU has reported
 * @param reconnects           how often the monitor connection was lost
 * @param endAnnounced         whether an event announced the end, and the cost was measured at once
 * @param recovery             what has become of post-copy whose connection broke
 */
record SupervisionState(
        long nextPollNanos,
        Cancellation cancellation,
        boolean switched,
        long switchDowntimeMillis,
        Figures figures,
        int reconnects,
        boolean endAnnounced,
        RecoveryState recovery) {

    /**
     * A cancellation.
     *
     * @param sinceNanos when {@code migrate_cancel} was sent
     * @param timedOut   whether it was sent because of the time limit
     */
    record Cancellation(long sinceNanos, boolean timedOut) {}

    /**
     * What QEMU has reported.
     *
     * @param lastMoving the last figures before a cancellation, or null; QEMU forgets them when it cancels
     * @param rounds     the rounds of pre-copy and the downtime limit
     * @param changes    what was changed because of them
     * @param unknown    the statuses that Godwit does not know
     */
    record Figures(
            MigrationInfo lastMoving, MigrationWatch.State rounds, List<WatchChange> changes, Set<String> unknown) {

        Figures with(MigrationInfo moving) {
            return new Figures(moving, rounds, changes, unknown);
        }

        Figures with(MigrationWatch.State latest) {
            return new Figures(lastMoving, latest, changes, unknown);
        }

        Figures and(WatchChange change) {
            List<WatchChange> all = new ArrayList<>(changes);
            all.add(change);
            return new Figures(lastMoving, rounds, List.copyOf(all), unknown);
        }

        Figures and(String status) {
            Set<String> all = new LinkedHashSet<>(unknown);
            all.add(status);
            return new Figures(lastMoving, rounds, changes, Set.copyOf(all));
        }
    }

    /** The state when {@code migrate} has been sent: QEMU is polled at once. */
    static SupervisionState startedAt(long nanos, Duration downtimeLimit) {
        Figures none = new Figures(null, MigrationWatch.initial(downtimeLimit), List.of(), Set.of());
        return new SupervisionState(nanos, null, false, -1, none, 0, false, RecoveryState.NONE);
    }

    boolean cancelling() {
        return cancellation != null;
    }

    boolean timedOut() {
        return cancelling() && cancellation.timedOut();
    }

    MigrationInfo lastMoving() {
        return figures.lastMoving();
    }

    MigrationWatch.State rounds() {
        return figures.rounds();
    }

    SupervisionState pollingAt(long nanos) {
        return new SupervisionState(
                nanos, cancellation, switched, switchDowntimeMillis, figures, reconnects, endAnnounced, recovery);
    }

    SupervisionState cancelled(Cancellation begun) {
        return new SupervisionState(
                nextPollNanos, begun, switched, switchDowntimeMillis, figures, reconnects, endAnnounced, recovery);
    }

    SupervisionState switchedOver() {
        return new SupervisionState(
                nextPollNanos, cancellation, true, switchDowntimeMillis, figures, reconnects, endAnnounced, recovery);
    }

    SupervisionState withSwitchDowntime(long millis) {
        return new SupervisionState(
                nextPollNanos, cancellation, switched, millis, figures, reconnects, endAnnounced, recovery);
    }

    /** Remembers figures, unless they say nothing or come after a cancellation. */
    SupervisionState moved(MigrationInfo info) {
        boolean known = info.progress().elapsedMillis() > 0 && !cancelling();
        return known ? with(figures.with(info)) : this;
    }

    List<WatchChange> changes() {
        return figures.changes();
    }

    /** Remembers what was decided after a poll. */
    SupervisionState watched(MigrationWatch.Decision decision) {
        SupervisionState state = with(figures.with(decision.state()));
        return decision.change().map(state::changedBy).orElse(state);
    }

    /** Remembers a change. */
    SupervisionState changedBy(WatchChange change) {
        return with(figures.and(change));
    }

    /** Whether QEMU has reported this status before, which Godwit does not know. */
    boolean hasSeen(String unknown) {
        return figures.unknown().contains(unknown);
    }

    /** Remembers a status that Godwit does not know. */
    SupervisionState seen(String unknown) {
        return with(figures.and(unknown));
    }

    private SupervisionState with(Figures latest) {
        return new SupervisionState(
                nextPollNanos,
                cancellation,
                switched,
                switchDowntimeMillis,
                latest,
                reconnects,
                endAnnounced,
                recovery);
    }

    SupervisionState lostConnection() {
        return new SupervisionState(
                nextPollNanos,
                cancellation,
                switched,
                switchDowntimeMillis,
                figures,
                reconnects + 1,
                endAnnounced,
                recovery);
    }

    SupervisionState withEndAnnounced(boolean announced) {
        return new SupervisionState(
                nextPollNanos, cancellation, switched, switchDowntimeMillis, figures, reconnects, announced, recovery);
    }

    SupervisionState with(RecoveryState latest) {
        return new SupervisionState(
                nextPollNanos, cancellation, switched, switchDowntimeMillis, figures, reconnects, endAnnounced, latest);
    }
}
