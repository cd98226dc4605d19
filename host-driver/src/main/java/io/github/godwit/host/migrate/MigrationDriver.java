package io.github.godwit.host.migrate;

import io.github.godwit.host.migrate.MigrationRun.CancelledException;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.Outcome;
import java.io.IOException;

/** How one migration of this host is carried out, from profile to outcome. Serves that one migration. */
public interface MigrationDriver {

    /** Makes the way of a migration. */
    @FunctionalInterface
    interface Factory {
        /** The way of one migration. */
        MigrationDriver of(MigrationRequest request, Vm vm);
    }

    /** Notes that the VM is on its way, so that an agent started again knows. */
    default void begin(MigrationRun run) throws IOException {}

    /**
     * Carries the migration out.
     *
     * @return what it cost; the VM is gone from this host then
     * @throws IOException        when it failed; the VM is here as before, except after a failure in post-copy
     * @throws CancelledException when it was cancelled; the VM is here as before
     */
    Outcome carryOut(MigrationRun run) throws IOException, InterruptedException, CancelledException;

    /** Notes that the VM stays on this host. */
    default void stay() throws IOException {}

    /** Whether the migration goes on when this agent ends, because somebody else carries it out. */
    default boolean outlivesAgent() {
        return false;
    }
}
