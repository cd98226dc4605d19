package io.github.godwit.hostapi;

import io.github.godwit.model.technique.Technique;

/**
 * Where a migration stands.
 *
 * @param id          its id on the source's host driver
 * @param vm          the VM
 * @param source      name of the host it leaves
 * @param destination name of the host it goes to
 * @param technique   the technique, null until chosen
 * @param policy      the policy it was asked for under, or null
 * @param phase       how far it is
 * @param progress    QEMU's figures, null before it runs
 * @param error       why it failed, in QEMU's own words where QEMU gave any, else null
 * @param decision    how the technique was decided, null until then
 * @param outcome     what it cost, when it ended, else null
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
        Outcome outcome) {

    /**
     * The states of a migration.
     *
     * <pre>
     * PROFILING → PREPARING → MIGRATING → (POSTCOPY) → COMPLETED
     *      any but the last, and not POSTCOPY → CANCELLED
     *      any but the last → FAILED
     * </pre>
     */
    public enum Phase {
        /** The VM is looked at and the technique chosen. */
        PROFILING,
        /** The destination is set up, bandwidth reserved. */
        PREPARING,
        /** Pre-copy, or the switch to post-copy. */
        MIGRATING,
        /** The VM runs on the destination; its pages follow. */
        POSTCOPY,
        /** The VM is on the destination. */
        COMPLETED,
        /** The VM is on the source as before. */
        CANCELLED,
        /** The VM is on the source as before; after a failure in post-copy it may be paused. */
        FAILED;

        /** Whether nothing more will happen. */
        public boolean isFinal() {
            return this == COMPLETED || this == CANCELLED || this == FAILED;
        }
    }

    /**
     * QEMU's figures while the migration runs.
     *
     * @param elapsedMillis       since its start, in ms
     * @param transferredBytes    sent so far
     * @param remainingBytes      of RAM still to send
     * @param dirtyPagesPerSecond as QEMU counted in the last round
     * @param throttlePercent     auto-converge's throttle of the vCPUs
     * @param rounds              bitmap syncs so far
     */
    public record Progress(
            long elapsedMillis,
            long transferredBytes,
            long remainingBytes,
            long dirtyPagesPerSecond,
            int throttlePercent,
            int rounds) {}
}
