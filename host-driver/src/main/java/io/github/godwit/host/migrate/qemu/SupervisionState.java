package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.model.watch.DowntimeRamp;
import java.time.Duration;

/**
 * What {@link SupervisionRule} remembers of a migration.
 *
 * @param nextPollNanos        when to poll QEMU next
 * @param cancellation         since when and why it is being cancelled, or null
 * @param switched             whether {@code migrate-start-postcopy} was sent
 * @param switchDowntimeMillis downtime at the switch to post-copy in ms, or -1
 * @param lastMoving           the last figures before a cancellation, or null; QEMU forgets them when it cancels
 * @param reconnects           how often the monitor connection was lost
 * @param endAnnounced         whether an event announced the end, and the cost was measured at once
 * @param ramp                 what is known of the rounds of pre-copy
 * @param downtimeLimit        what the downtime limit was raised to, or null
 */
record SupervisionState(
        long nextPollNanos,
        Cancellation cancellation,
        boolean switched,
        long switchDowntimeMillis,
        MigrationInfo lastMoving,
        int reconnects,
        boolean endAnnounced,
        DowntimeRamp.State ramp,
        Duration downtimeLimit) {

    /**
     * A cancellation.
     *
     * @param sinceNanos when {@code migrate_cancel} was sent
     * @param timedOut   whether it was sent because of the time limit
     */
    record Cancellation(long sinceNanos, boolean timedOut) {}

    /** The state when {@code migrate} has been sent: QEMU is polled at once. */
    static SupervisionState startedAt(long nanos, Duration downtimeLimit) {
        return new SupervisionState(nanos, null, false, -1, null, 0, false, DowntimeRamp.initial(downtimeLimit), null);
    }

    boolean cancelling() {
        return cancellation != null;
    }

    boolean timedOut() {
        return cancelling() && cancellation.timedOut();
    }

    SupervisionState pollingAt(long nanos) {
        return new SupervisionState(
                nanos,
                cancellation,
                switched,
                switchDowntimeMillis,
                lastMoving,
                reconnects,
                endAnnounced,
                ramp,
                downtimeLimit);
    }

    SupervisionState cancelled(Cancellation begun) {
        return new SupervisionState(
                nextPollNanos,
                begun,
                switched,
                switchDowntimeMillis,
                lastMoving,
                reconnects,
                endAnnounced,
                ramp,
                downtimeLimit);
    }

    SupervisionState switchedOver() {
        return new SupervisionState(
                nextPollNanos,
                cancellation,
                true,
                switchDowntimeMillis,
                lastMoving,
                reconnects,
                endAnnounced,
                ramp,
                downtimeLimit);
    }

    SupervisionState withSwitchDowntime(long millis) {
        return new SupervisionState(
                nextPollNanos,
                cancellation,
                switched,
                millis,
                lastMoving,
                reconnects,
                endAnnounced,
                ramp,
                downtimeLimit);
    }

    /** Remembers figures, unless they say nothing or come after a cancellation. */
    SupervisionState moved(MigrationInfo info) {
        MigrationInfo latest = info.progress().elapsedMillis() > 0 && !cancelling() ? info : lastMoving;
        return new SupervisionState(
                nextPollNanos,
                cancellation,
                switched,
                switchDowntimeMillis,
                latest,
                reconnects,
                endAnnounced,
                ramp,
                downtimeLimit);
    }

    SupervisionState lostConnection() {
        return new SupervisionState(
                nextPollNanos,
                cancellation,
                switched,
                switchDowntimeMillis,
                lastMoving,
                reconnects + 1,
                endAnnounced,
                ramp,
                downtimeLimit);
    }

    SupervisionState withEndAnnounced(boolean announced) {
        return new SupervisionState(
                nextPollNanos,
                cancellation,
                switched,
                switchDowntimeMillis,
                lastMoving,
                reconnects,
                announced,
                ramp,
                downtimeLimit);
    }

    SupervisionState ramped(DowntimeRamp.Decision decision) {
        return new SupervisionState(
                nextPollNanos,
                cancellation,
                switched,
                switchDowntimeMillis,
                lastMoving,
                reconnects,
                endAnnounced,
                decision.state(),
                decision.limit().orElse(downtimeLimit));
    }
}
