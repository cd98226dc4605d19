package io.github.godwit.hostapi;

import io.github.godwit.model.technique.Technique;

/**
 * The status of a migration.
 *
 * @param id          its id on the source's host driver
 * @param vm          name of the VM
 * @param source      name of the host that the VM leaves
 * @param destination name of the host that the VM moves to
 * @param technique   the technique; null until it is chosen
 * @param policy      the policy of the request, or null
 * @param phase       its current phase
 * @param progress    QEMU's counters; null before QEMU starts to migrate
 * @param error       why it failed, with QEMU's error message if there is one; null if it did not fail
 * @param decision    how the technique was decided; null until then
 * @param outcome     its measured cost; null until it has ended
 * @param policyVersion version of the policy that was used, 0 for one that ships; null until then, or if none was
 * @param recovery    what became of a connection that broke in post-copy; null if none did, or from an older host driver
 * @param observed    whether Godwit only observes it: {@code technique} is that of Nova's own flags, and {@code decision} what Godwit would
 *                    have chosen
 */
public record MigrationStatus(
        String id,
        String vm,
        String source,
        String destination,
        Technique technique,
        String policy,
        Phase phase,
        Progress progress,
        String error,
        MigrationDecision decision,
        Outcome outcome,
        Integer policyVersion,
        PostcopyRecovery recovery,
        boolean observed) {

    /** The status of a migration that Godwit runs and whose connection did not break in post-copy. */
    public MigrationStatus(
            String id,
            String vm,
            String source,
            String destination,
            Technique technique,
            String policy,
            Phase phase,
            Progress progress,
            String error,
            MigrationDecision decision,
            Outcome outcome,
            Integer policyVersion) {
        this(
                id,
                vm,
                source,
                destination,
                technique,
                policy,
                phase,
                progress,
                error,
                decision,
                outcome,
                policyVersion,
                null,
                false);
    }

    /** A status without the version of a policy. */
    public MigrationStatus(
            String id,
            String vm,
            String source,
            String destination,
            Technique technique,
            String policy,
            Phase phase,
            Progress progress,
            String error,
            MigrationDecision decision,
            Outcome outcome) {
        this(id, vm, source, destination, technique, policy, phase, progress, error, decision, outcome, null);
    }

    /** The same in another phase, with another error or none. */
    public MigrationStatus with(Phase now, String said) {
        return new MigrationStatus(
                id,
                vm,
                source,
                destination,
                technique,
                policy,
                now,
                progress,
                said,
                decision,
                outcome,
                policyVersion,
                recovery,
                observed);
    }

    /** The same without decision and outcome, which are most of it. */
    public MigrationStatus brief() {
        return new MigrationStatus(
                id,
                vm,
                source,
                destination,
                technique,
                policy,
                phase,
                progress,
                error,
                null,
                null,
                policyVersion,
                recovery,
                observed);
    }

    /**
     * The phases of a migration and the transitions between them.
     *
     * <pre>
     * PROFILING → PREPARING → MIGRATING → (POSTCOPY) → COMPLETED
     *      any but POSTCOPY and the final ones → CANCELLED
     *      any but the final ones → FAILED
     * </pre>
     */
    public enum Phase {
        /** The host driver profiles the VM and chooses the technique. */
        PROFILING,
        /** The destination is prepared, and bandwidth is reserved. */
        PREPARING,
        /** QEMU migrates, and the VM still runs on the source. */
        MIGRATING,
        /** The VM runs on the destination; the source sends the remaining pages. */
        POSTCOPY,
        /** The VM runs on the destination. */
        COMPLETED,
        /** The VM stayed on the source. */
        CANCELLED,
        /** The VM stayed on the source; after a failure in post-copy it may be paused. */
        FAILED;

        /** Whether the migration has ended: no other phase follows. */
        public boolean isFinal() {
            return this == COMPLETED || this == CANCELLED || this == FAILED;
        }
    }

    /**
     * Counters of a running migration, from QEMU's {@code query-migrate} or libvirt's job statistics.
     *
     * @param elapsedMillis       time since its start, in ms
     * @param transferredBytes    bytes sent so far
     * @param remainingBytes      bytes of RAM still to send
     * @param dirtyPagesPerSecond rate at which the guest dirtied pages in the last round
     * @param throttlePercent     how much auto-converge throttles the vCPUs, in percent; 0 for not at all
     * @param rounds              number of bitmap syncs so far
     */
    public record Progress(
            long elapsedMillis,
            long transferredBytes,
            long remainingBytes,
            long dirtyPagesPerSecond,
            int throttlePercent,
            int rounds) {}
}
