package io.github.godwit.model.technique;

import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.unit.Checks;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which techniques a pair of hosts can run for one VM, and why not the others (SPEC G1). A technique that cannot run is
 * named with its reason, never replaced by another.
 *
 * @param unavailable reason by technique, for example "needs QEMU 8.1 or older: compress threads were removed in 9.1"
 */
public record TechniqueAvailability(Map<Technique, String> unavailable) {

    /** Copies the map. */
    public TechniqueAvailability {
        EnumMap<Technique, String> copy = new EnumMap<>(Technique.class);
        copy.putAll(Checks.present("unavailable techniques", unavailable));
        unavailable = Collections.unmodifiableMap(copy);
    }

    private static final TechniqueAvailability ALL = new TechniqueAvailability(Map.of());

    /** Every technique can run. */
    public static TechniqueAvailability all() {
        return ALL;
    }

    /**
     * What both hosts can run for a VM.
     *
     * @param source      what the source's software takes
     * @param destination what the destination's takes
     * @param vm          the VM; dirty-limit needs its dirty ring
     */
    public static TechniqueAvailability between(HostCapabilities source, HostCapabilities destination, VmProfile vm) {
        EnumMap<Technique, String> unavailable = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            source.obstacle(technique)
                    .or(() -> destination.obstacle(technique))
                    .ifPresent(reason -> unavailable.put(technique, reason));
        }
        if (source.libvirt() != null && !unavailable.containsKey(Technique.POST_COPY_PREEMPT)) {
            unavailable.putIfAbsent(
                    Technique.POST_COPY,
                    "is POST-PREEMPT here: libvirt 10.0 and newer turns preemption on where both QEMUs have it");
        }
        if (!vm.dirtyRing()) {
            unavailable.putIfAbsent(
                    Technique.DIRTY_LIMIT, "needs a VM that was started with KVM's dirty ring (dirty-ring-size)");
        }
        return new TechniqueAvailability(unavailable);
    }

    /** The same without some more techniques. */
    public TechniqueAvailability without(Set<Technique> excluded, String reason) {
        EnumMap<Technique, String> more = new EnumMap<>(Technique.class);
        more.putAll(unavailable);
        excluded.forEach(technique -> more.putIfAbsent(technique, reason));
        return new TechniqueAvailability(more);
    }

    /** The techniques that can run, in the order of the enum. */
    public Set<Technique> available() {
        EnumSet<Technique> result = EnumSet.allOf(Technique.class);
        result.removeAll(unavailable.keySet());
        return Collections.unmodifiableSet(result);
    }
}
