package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.model.watch.MigrationWatch;
import io.github.godwit.model.watch.WatchChange;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What {@link NovaSupervisionRule} remembers of a migration.
 *
 * @param clock when to do something next
 * @param job   libvirt's job
 * @param nova  what nova-compute has reported
 * @param watched what is decided while the job runs
 */
record NovaSupervisionState(Clock clock, Job job, Nova nova, Watched watched) {

    /** No time. */
    private static final long NEVER = Long.MIN_VALUE;

    /**
     * When to do something next.
     *
     * @param pollNanos     when to poll libvirt
     * @param deadlineNanos when to stop waiting: for libvirt's job to begin, or for the end to be reported
     * @param overdueNanos  since when it has been asked where the VM is
     */
    record Clock(long pollNanos, long deadlineNanos, long overdueNanos) {}

    /**
     * libvirt's job.
     *
     * @param begun                whether there was one
     * @param last                 its last figures
     * @param switchDowntimeMillis downtime at the switch to post-copy in ms, or -1
     * @param postcopy             whether it was switched to post-copy, or is about to be
     */
    record Job(boolean begun, JobStats last, long switchDowntimeMillis, boolean postcopy) {
        static final Job NONE = new Job(false, new JobStats(Map.of()), -1, false);
    }

    /**
     * What nova-compute has reported.
     *
     * @param switches      whether the technique depends on nova-compute, which switches to post-copy
     * @param signs         whether it shows that it follows the migration; older compute drivers do not
     * @param signNanos     when it did so last, or when its silence was acted upon
     * @param deserted      whether its silence was acted upon
     * @param refusal       its message that libvirt did not carry out the advice, or null
     * @param remembered    whether that is remembered
     * @param end           its first message that ends the migration, or null
     */
    record Nova(
            boolean switches,
            boolean signs,
            long signNanos,
            boolean deserted,
            NovaMessage refusal,
            boolean remembered,
            NovaMessage end) {}

    /**
     * What is decided while the job runs.
     *
     * @param watch  what may be changed
     * @param rounds the rounds of pre-copy
     * @param change what was changed, if anything
     */
    record Watched(MigrationWatch watch, MigrationWatch.State rounds, Optional<WatchChange> change) {
        static final Watched NOT =
                new Watched(MigrationWatch.NONE, MigrationWatch.initial(Duration.ZERO), Optional.empty());
    }

    /** The state when nova-compute has been answered: libvirt is polled at once. */
    static NovaSupervisionState startedAt(long nanos, long deadlineNanos, boolean switches) {
        return new NovaSupervisionState(
                new Clock(nanos, deadlineNanos, NEVER),
                Job.NONE,
                new Nova(switches, false, nanos, false, null, false, null),
                Watched.NOT);
    }

    /**
     * The same for a job about which something may be changed.
     *
     * @param watch what
     * @param limit the downtime limit that it begins with
     */
    NovaSupervisionState watchedBy(MigrationWatch watch, Duration limit) {
        return with(new Watched(watch, MigrationWatch.initial(limit), Optional.empty()));
    }

    /** Remembers what was decided. */
    NovaSupervisionState decided(MigrationWatch.Decision decision) {
        return with(new Watched(watched.watch(), decision.state(), decision.change()));
    }

    long nextPollNanos() {
        return clock.pollNanos();
    }

    long deadlineNanos() {
        return clock.deadlineNanos();
    }

    JobStats last() {
        return job.last();
    }

    NovaMessage end() {
        return nova.end();
    }

    NovaMessage refusal() {
        return nova.refusal();
    }

    long switchDowntimeMillis() {
        return job.switchDowntimeMillis();
    }

    NovaSupervisionState pollingAt(long nanos) {
        return with(new Clock(nanos, clock.deadlineNanos(), clock.overdueNanos()));
    }

    NovaSupervisionState waitingUntil(long nanos) {
        return with(new Clock(clock.pollNanos(), nanos, clock.overdueNanos()));
    }

    /** Waits longer if that is later, and is not overdue any more. */
    NovaSupervisionState waitingAtLeastUntil(long nanos) {
        return with(new Clock(clock.pollNanos(), Math.max(clock.deadlineNanos(), nanos), NEVER));
    }

    /** Overdue since this moment, if it was not before; asks again where the VM is at {@code againNanos}. */
    NovaSupervisionState overdueAt(long nanos, long againNanos) {
        return with(
                new Clock(clock.pollNanos(), againNanos, clock.overdueNanos() == NEVER ? nanos : clock.overdueNanos()));
    }

    NovaSupervisionState moved(JobStats stats) {
        return with(new Job(true, stats, job.switchDowntimeMillis(), job.postcopy()));
    }

    NovaSupervisionState withSwitchDowntime(long millis) {
        return with(new Job(job.begun(), job.last(), millis, job.postcopy()));
    }

    NovaSupervisionState inPostcopy() {
        return with(new Job(job.begun(), job.last(), job.switchDowntimeMillis(), true));
    }

    NovaSupervisionState endedBy(NovaMessage message) {
        return with(new Nova(
                nova.switches(),
                nova.signs(),
                nova.signNanos(),
                nova.deserted(),
                nova.refusal(),
                nova.remembered(),
                message));
    }

    NovaSupervisionState signedAt(long nanos) {
        return with(
                new Nova(nova.switches(), true, nanos, nova.deserted(), nova.refusal(), nova.remembered(), nova.end()));
    }

    NovaSupervisionState desertedAt(long nanos) {
        return with(
                new Nova(nova.switches(), nova.signs(), nanos, true, nova.refusal(), nova.remembered(), nova.end()));
    }

    /** libvirt has not carried out the advice: its next job has Nova's own flags. */
    NovaSupervisionState refusedBy(NovaMessage message) {
        return with(Job.NONE)
                .with(Watched.NOT)
                .with(new Nova(
                        nova.switches(), nova.signs(), nova.signNanos(), nova.deserted(), message, false, nova.end()));
    }

    NovaSupervisionState remembered() {
        return with(new Nova(
                nova.switches(), nova.signs(), nova.signNanos(), nova.deserted(), nova.refusal(), true, nova.end()));
    }

    private NovaSupervisionState with(Clock other) {
        return new NovaSupervisionState(other, job, nova, watched);
    }

    private NovaSupervisionState with(Job other) {
        return new NovaSupervisionState(clock, other, nova, watched);
    }

    private NovaSupervisionState with(Nova other) {
        return new NovaSupervisionState(clock, job, other, watched);
    }

    private NovaSupervisionState with(Watched other) {
        return new NovaSupervisionState(clock, job, nova, other);
    }
}
