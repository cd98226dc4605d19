package io.github.godwit.host.nova;

import io.github.godwit.host.migrate.MigrationInfo;

/** What {@link NovaSupervisor} is to do. */
sealed interface NovaSupervisionAction {

    /** An action without an argument. */
    enum Command implements NovaSupervisionAction {
        /** Have the migration refuse cancellation from now on. */
        COMMIT_TO_POSTCOPY,
        /** Get the job's figures at the switch to post-copy; yields {@link NovaSupervisionEvent.DowntimePolled}. */
        POLL_DOWNTIME,
        /** Report that the VM runs on the destination. */
        ENTER_POSTCOPY,
        /** Get the job's figures; yields {@link NovaSupervisionEvent.Polled}. */
        POLL,
        /** Sample the CPU time and the memory of QEMU. */
        MEASURE_COST,
        /** Have libvirt abort the job. */
        ABORT
    }

    /** Report the job's figures. */
    record ReportProgress(MigrationInfo info) implements NovaSupervisionAction {}

    /** Add a note to the migration. */
    record Note(String message) implements NovaSupervisionAction {}

    /** Return: the migration has ended. */
    record End(MigrationInfo info) implements NovaSupervisionAction {}

    /** Throw: how the migration ends is not known, or not the host driver's concern. */
    record Fail(String reason) implements NovaSupervisionAction {}
}
