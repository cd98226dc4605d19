package io.github.godwit.hostapi;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;

/**
 * The current state of one VM, as its host driver reports it without profiling the VM.
 *
 * @param name           its name; the server's UUID if Nova started it
 * @param host           name of the host that runs it
 * @param state          QEMU's run state, for example running, paused, postmigrate
 * @param definition     the definition that it was started from
 * @param pid            process id of its QEMU
 * @param vcpuUse        CPU time of its QEMU between the last two samples, in cores
 * @param residentMemory resident memory of its QEMU on the host
 * @param traffic        traffic of its taps
 * @param migration      id of the migration that it is part of, or null
 * @param profiling      how it is profiled, or why it is not; null from an older host driver
 */
public record VmStatus(
        String name,
        String host,
        String state,
        VmDefinition definition,
        long pid,
        double vcpuUse,
        MemorySize residentMemory,
        Traffic traffic,
        String migration,
        String profiling) {

    /** A status without the way of profiling. */
    public VmStatus(
            String name,
            String host,
            String state,
            VmDefinition definition,
            long pid,
            double vcpuUse,
            MemorySize residentMemory,
            Traffic traffic,
            String migration) {
        this(name, host, state, definition, pid, vcpuUse, residentMemory, traffic, migration, null);
    }

    /** Number of its virtual CPUs; 1 if its definition is unknown. */
    public int vcpus() {
        return definition == null ? 1 : definition.vcpus();
    }
}
