package io.github.godwit.host.migrate.steps;

import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.PreparedMigration;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.IncomingTicket;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What runs the migration of one VM that the host driver performs: its QEMU by the monitor, or libvirt. */
public interface MigrationEngine {

    /** The VM. */
    Vm vm();

    /** Records that the VM is about to leave, so that a host driver that is started again knows. */
    void begin(OngoingMigration migration) throws IOException;

    /** Records that the VM runs on the destination, so that a host driver that is started again knows. A failure is only logged. */
    default void left() {}

    /** Records that the VM stays on this host. */
    void stay() throws IOException;

    /**
     * Applies the settings of the migration; nothing is sent yet.
     *
     * @param ticket where it goes to
     * @throws IOException if a setting is refused; then all are as before
     */
    RunningMigration prepare(PreparedMigration plan, IncomingTicket ticket) throws IOException;

    /** Removes the VM, which has arrived on its destination. A failure is only logged. */
    void leave();

    /**
     * Has the VM continue here after a migration that failed or was cancelled before post-copy. A failure is only logged.
     *
     * @param release has the destination release what it has of the VM; true if it has nothing any more. To be called once
     * @param note    receives what an operator should know
     */
    void stayHere(BooleanSupplier release, Consumer<String> note);
}
