package io.github.godwit.host.vm;

import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A VM on this host, started by this host driver or by Nova. */
public interface Vm {

    /** Its name; the server's UUID if Nova started it. */
    default String name() {
        return running().definition().name();
    }

    /** Its definition, process and files. */
    RunningVm running();

    /** The guest's heartbeats that arrive on this host. */
    HeartbeatSource heartbeats();

    /** Whether its QEMU process is still running. */
    boolean alive();

    /**
     * The monitor of its QEMU.
     *
     * @throws QmpException if the monitor cannot be connected to
     */
    Monitor monitor() throws QmpException;

    /** QEMU's run state, for example {@code running}; {@code unknown} if the monitor does not respond. */
    default String state() {
        try {
            return monitor().execute("query-status").path("status").asText("unknown");
        } catch (QmpException e) {
            return "unknown";
        }
    }

    /**
     * Whether its hypervisor is sending it away or receiving it now, whoever ordered that. Asks only what an arriving VM can answer.
     *
     * @throws IOException if the hypervisor does not answer
     */
    default boolean inMigration() throws IOException {
        return false;
    }

    /** UUID of the project that its server belongs to; empty if Nova did not start it. */
    default Optional<String> project() {
        return Optional.empty();
    }

    /** Id of the migration in the VM's {@link VmRecord}, to this host or away from it; empty for VMs of libvirt. */
    Optional<String> migration();

    /** The interfaces of this host that carry the VM's traffic, for example {@code tap0}; empty if it has none that is known. */
    default List<String> taps() {
        return List.of();
    }

    /** What its disks, devices, memory and QEMU mean for its migration, as last read. */
    default VmLimits limits() {
        return VmLimits.NONE;
    }
}
