package io.github.godwit.host.migrate;

import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.watch.PrecopyRound;
import java.time.Duration;
import java.util.List;

/** One migration as its driver sees it: what was requested, and whom to report to. */
public interface OngoingMigration extends SupervisedRun {

    /** Its id on this host driver. */
    String id();

    /** What was requested. */
    MigrationRequest request();

    /** The VM; null when the migration has ended. */
    Vm vm();

    /** Where it stands. */
    MigrationStatus status();

    /** Reports that the technique is chosen; the destination is prepared next. */
    void chosen(PreparedMigration plan);

    /** Reports that QEMU sends; a request for cancellation wakes the supervision from now on. */
    void migrating(Runnable wakeSupervision);

    /** Reports that it is begun again by another technique; the VM has stayed here until now. */
    void begunAgain(PreparedMigration plan);

    /** Sets what a request for cancellation calls. */
    void wakeBy(Runnable call);

    /** Reports that another technique than the chosen one runs. */
    void runsBy(Technique technique);

    /** Reports whether Godwit only observes it. */
    void observed(boolean only);

    /** The rounds of pre-copy so far, with the last figures of each. */
    List<PrecopyRound> rounds();

    /** For how long nobody has asked how it stands. */
    Duration unfollowed();

    /**
     * Stops here if the migration is to be cancelled.
     *
     * @throws MigrationCancelledException if it is
     */
    void stopIfCancelled() throws MigrationCancelledException;
}
