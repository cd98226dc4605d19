package io.github.godwit.hostapi;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The current state of one VM, as its host driver reports it without profiling the VM.
 *
 * @param name           its name; the server's UUID if Nova started it
 * @param host           name of the host that runs it
 * @param state          QEMU's run state, for example running, paused, postmigrate
 * @param definition     the definition that it was started from; its {@code diskBytes} are those of now
 * @param pid            process id of its QEMU
 * @param vcpuUse        CPU time of its QEMU between the last two samples, in cores
 * @param residentMemory resident memory of its QEMU on the host
 * @param traffic        traffic of its taps together, with the directions of the VM; zero if none is known, as for a device of the host
 *                       that it drives itself
 * @param migration      id of the migration that it is part of, or null
 * @param profiling      how it is profiled, or why it is not; null from an older host driver
 * @param excluded       techniques that cannot migrate it because of its devices, its memory or its QEMU, each with the reason as the
 *                       rest of a sentence that begins with the technique; empty if unknown
 * @param immovable      why it cannot be live-migrated at all, as a clause such as "it has encrypted memory"; null if it can, or if that
 *                       is unknown
 * @param trafficClass   the class of its traffic; null only if its traffic is
 * @param forecast       its traffic that is expected in ten minutes; null if nothing is
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
        String profiling,
        Map<Technique, String> excluded,
        String immovable,
        TrafficClass trafficClass,
        Traffic forecast) {

    /**
     * Copies the map, without the key null, as which a technique of a newer release reads; a missing one, as an older host driver leaves it,
     * is empty. The class is always that of the traffic.
     */
    public VmStatus {
        EnumMap<Technique, String> copy = new EnumMap<>(Technique.class);
        if (excluded != null) {
            excluded.forEach((technique, reason) -> {
                if (technique != null) {
                    copy.put(technique, reason);
                }
            });
        }
        excluded = Collections.unmodifiableMap(copy);
        trafficClass = traffic == null ? null : TrafficClass.of(traffic);
    }

    /** Number of its virtual CPUs; 1 if its definition is unknown. */
    public int vcpus() {
        return definition == null ? 1 : definition.vcpus();
    }

    /** The same VM on another host. */
    public VmStatus on(String otherHost) {
        return new VmStatus(
                name,
                otherHost,
                state,
                definition,
                pid,
                vcpuUse,
                residentMemory,
                traffic,
                migration,
                profiling,
                excluded,
                immovable,
                trafficClass,
                forecast);
    }

    /** The same VM with another load, of whose traffic nothing is expected. */
    public VmStatus withLoad(double otherVcpuUse, MemorySize otherResidentMemory, Traffic otherTraffic) {
        return new VmStatus(
                name,
                host,
                state,
                definition,
                pid,
                otherVcpuUse,
                otherResidentMemory,
                otherTraffic,
                migration,
                profiling,
                excluded,
                immovable,
                null,
                null);
    }
}
