package io.github.godwit.host.migrate;

import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.Outcome;
import java.io.IOException;

/** Performs one migration from this host, from profile to outcome. There is one driver for each migration. */
public interface MigrationDriver {

    /** Makes drivers. */
    @FunctionalInterface
    interface Factory {
        /** The driver of one migration. */
        MigrationDriver of(MigrationRequest request, Vm vm);
    }

    /** Records that the VM is about to leave, so that a host driver that is started again knows. */
    default void begin(OngoingMigration migration) throws IOException {}

    /**
     * Performs the migration.
     *
     * @return what it cost; the VM is gone from this host
     * @throws IOException                 when it failed; the VM is here as before, except after a failure in post-copy
     * @throws MigrationCancelledException when it was cancelled; the VM is here as before
     */
    Outcome run(OngoingMigration migration) throws IOException, InterruptedException, MigrationCancelledException;

    /** Records that the VM runs on the destination, so that a host driver that is started again knows. A failure is only logged. */
    default void left() {}

    /** Records that the VM stays on this host. */
    default void stay() throws IOException {}

    /** Whether the migration continues when this host driver ends, because somebody else performs it. */
    default boolean outlivesHostDriver() {
        return false;
    }
}
