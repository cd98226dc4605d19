package io.github.godwit.hostapi;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;

/**
 * One VM on a host, as its host driver sees it now, without profiling it.
 *
 * @param name           its name
 * @param host           the host it is on
 * @param state          QEMU's run state, for example running, paused, postmigrate
 * @param definition     what it was started from
 * @param pid            QEMU's process id
 * @param vcpuUse        CPU time it takes, in cores, over the last sample
 * @param residentMemory its memory on the host
 * @param traffic        what goes over its taps
 * @param migration      id of the migration it is in, or null
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
        String migration) {

    /** Its virtual CPUs; one where its definition is not known. */
    public int vcpus() {
        return definition == null ? 1 : definition.vcpus();
    }
}
