package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.JobStats;
import java.util.Map;

/**
 * What {@link NovaSupervisionRule} remembers of a migration.
 *
 * @param nextPollNanos        when to poll libvirt next
 * @param deadlineNanos        when to stop waiting: for libvirt's job to begin, or for the end to be reported
 * @param begun                whether libvirt had a job
 * @param last                 the job's last figures
 * @param switchDowntimeMillis downtime at the switch to post-copy in ms, or -1
 * @param end                  the first message of nova-compute that ends the migration, or null
 */
record NovaSupervisionState(
        long nextPollNanos,
        long deadlineNanos,
        boolean begun,
        JobStats last,
        long switchDowntimeMillis,
        NovaMessage end) {

    /** The state when nova-compute has been answered: libvirt is polled at once. */
    static NovaSupervisionState startedAt(long nanos, long deadlineNanos) {
        return new NovaSupervisionState(nanos, deadlineNanos, false, new JobStats(Map.of()), -1, null);
    }

    NovaSupervisionState pollingAt(long nanos) {
        return new NovaSupervisionState(nanos, deadlineNanos, begun, last, switchDowntimeMillis, end);
    }

    NovaSupervisionState waitingUntil(long nanos) {
        return new NovaSupervisionState(nextPollNanos, nanos, begun, last, switchDowntimeMillis, end);
    }

    NovaSupervisionState moved(JobStats stats) {
        return new NovaSupervisionState(nextPollNanos, deadlineNanos, true, stats, switchDowntimeMillis, end);
    }

    NovaSupervisionState withSwitchDowntime(long millis) {
        return new NovaSupervisionState(nextPollNanos, deadlineNanos, begun, last, millis, end);
    }

    NovaSupervisionState endedBy(NovaMessage message) {
        return new NovaSupervisionState(nextPollNanos, deadlineNanos, begun, last, switchDowntimeMillis, message);
    }
}
