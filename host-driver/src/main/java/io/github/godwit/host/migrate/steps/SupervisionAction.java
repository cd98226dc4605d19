package io.github.godwit.host.migrate.steps;

import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.model.watch.WatchChange;
import java.io.IOException;

/** What {@link Supervisor} is to do. */
sealed interface SupervisionAction {

    /** An action without an argument. */
    enum Command implements SupervisionAction {
        /** Connect to the monitor again. */
        RECONNECT,
        /** Ask whether post-copy may start; yields {@link SupervisionEvent.PostcopyAnswered}. */
        ASK_FOR_POSTCOPY,
        /** Send {@code migrate-start-postcopy}. */
        START_POSTCOPY,
        /** Send {@code query-migrate} at the switch to post-copy; yields {@link SupervisionEvent.DowntimePolled}. */
        POLL_DOWNTIME,
        /** Report that the VM runs on the destination. */
        ENTER_POSTCOPY,
        /** Send {@code query-migrate}; yields {@link SupervisionEvent.Polled}. */
        POLL,
        /** Sample the CPU time and the memory of QEMU. */
        MEASURE_COST,
        /** Send {@code migrate_cancel}. */
        CANCEL,
        /** Try to make the connection of post-copy again; yields {@link SupervisionEvent.RecoveryTried}. */
        RECOVER
    }

    /** Change something about the migration, and report it; a switch to post-copy yields {@link SupervisionEvent.PostcopyAnswered}. */
    record Apply(WatchChange change) implements SupervisionAction {}

    /** Report something to whoever reads about the migration. */
    record Note(String words) implements SupervisionAction {}

    /** Report what has become of post-copy whose connection broke. */
    record ReportRecovery(PostcopyRecovery soFar) implements SupervisionAction {}

    /** Report QEMU's figures. */
    record ReportProgress(MigrationInfo info) implements SupervisionAction {}

    /** Return: the migration has ended. */
    record End(MigrationEnd end) implements SupervisionAction {}

    /** Throw: the migration cannot be followed any further. */
    record Fail(IOException failure) implements SupervisionAction {}
}
