package io.github.godwit.host.nova;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.model.watch.WatchChange;

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
        ABORT,
        /** Find out where the VM is; yields {@link NovaSupervisionEvent.Located}. */
        LOCATE
    }

    /** Report the job's figures. */
    record ReportProgress(MigrationInfo info) implements NovaSupervisionAction {}

    /** Put back what was set in QEMU for the advice, and answer nova-compute, which waits for that. */
    record TakeBack(PendingNovaMigration.FromNova refusal) implements NovaSupervisionAction {}

    /** Remember that libvirt does not carry out the technique on this way, where Nova's own flags work. */
    record Remember(NovaMessage refusal) implements NovaSupervisionAction {}

    /** Change something about the migration, and report it. */
    record Apply(WatchChange change) implements NovaSupervisionAction {}

    /** Add a note to the migration. */
    record Note(String message) implements NovaSupervisionAction {}

    /** Return: the migration has ended. */
    record End(MigrationInfo info) implements NovaSupervisionAction {}

    /** Throw: how the migration ends is not known, or not the host driver's concern. */
    record Fail(String reason) implements NovaSupervisionAction {}
}
