package io.github.godwit.model.technique;

import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.unit.Checks;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which techniques a pair of hosts can run for one VM, and why not the others. A technique that cannot run is reported
 * with its reason, never replaced by another.
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

    private static final String ALWAYS_PREEMPTED =
            "is %s here: libvirt 10.0 and newer turns preemption on where both QEMUs have it";

    private static final TechniqueAvailability ALL = new TechniqueAvailability(Map.of());

    /** Every technique can run. */
    public static TechniqueAvailability all() {
        return ALL;
    }

    /**
     * The techniques that both hosts can run for a VM and that the source's operator permits. As with Nova's flags, the configuration
     * of the source counts, not that of the destination.
     *
     * @param source      what the source's software supports and its operator permits
     * @param destination what the destination's software supports
     * @param vm          the VM; dirty-limit needs a VM with a dirty ring
     */
    public static TechniqueAvailability between(HostCapabilities source, HostCapabilities destination, VmProfile vm) {
        return between(source, destination, vm, null);
    }

    /**
     * The same for a VM that may run with another QEMU than the installed one.
     *
     * @param installed   what the source's installed software supports and its operator permits
     * @param destination what the destination's software supports
     * @param vm          the VM
     * @param running     the QEMU of the VM; null if it is the installed one
     */
    public static TechniqueAvailability between(
            HostCapabilities installed, HostCapabilities destination, VmProfile vm, RunningQemu running) {
        HostCapabilities source = running == null ? installed : running.on(installed);
        TechniqueAvailability availability = both(source, destination, vm);
        return running == null ? availability : availability.without(running.unknown());
    }

    private static TechniqueAvailability both(HostCapabilities source, HostCapabilities destination, VmProfile vm) {
        EnumMap<Technique, String> unavailable = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            source.obstacle(technique)
                    .or(() -> destination.obstacle(technique))
                    .ifPresent(reason -> unavailable.put(technique, reason));
        }
        for (Technique technique : Technique.values()) {
            TechniqueTraits traits = technique.traits();
            if (traits.needsDirtyRing() && !vm.dirtyRing()) {
                unavailable.putIfAbsent(
                        technique, "needs a VM that was started with KVM's dirty ring (dirty-ring-size)");
            }
            if (traits.scattering() && !source.sharesIntermediaries(destination)) {
                unavailable.putIfAbsent(
                        technique,
                        "needs intermediaries that both hosts know (godwit-host serve --intermediaries FILE)");
            }
            if (traits.preemption() && source.libvirt() != null && !unavailable.containsKey(technique)) {
                withoutPreemption(traits.switchover())
                        .forEach(plain -> unavailable.putIfAbsent(plain, ALWAYS_PREEMPTED.formatted(technique.id())));
            }
        }
        // Last: a technique that is forbidden still changes what the others are.
        for (Technique technique : Technique.values()) {
            source.prohibition(technique).ifPresent(reason -> unavailable.putIfAbsent(technique, reason));
        }
        return new TechniqueAvailability(unavailable);
    }

    private static Stream<Technique> withoutPreemption(Technique.Switchover switchover) {
        return Arrays.stream(Technique.values())
                .filter(technique -> technique.switchover() == switchover
                        && !technique.traits().preemption());
    }

    /** A copy in which some more techniques are unavailable; a reason that is already there stays. */
    public TechniqueAvailability without(Set<Technique> excluded, String reason) {
        EnumMap<Technique, String> more = new EnumMap<>(Technique.class);
        more.putAll(unavailable);
        excluded.forEach(technique -> more.putIfAbsent(technique, reason));
        return new TechniqueAvailability(more);
    }

    /** A copy in which some more techniques are unavailable, each with its own reason; a reason that is already there stays. */
    public TechniqueAvailability without(Map<Technique, String> reasons) {
        EnumMap<Technique, String> more = new EnumMap<>(Technique.class);
        more.putAll(reasons);
        more.putAll(unavailable);
        return new TechniqueAvailability(more);
    }

    /** The techniques that can run, in the order of the enum. */
    public Set<Technique> available() {
        EnumSet<Technique> result = EnumSet.allOf(Technique.class);
        result.removeAll(unavailable.keySet());
        return Collections.unmodifiableSet(result);
    }

    /** Whether a migration by the technique can and may be switched to post-copy while it runs. */
    public boolean canFallBack(Technique technique) {
        return technique.traits().canFallBack() && !unavailable.containsKey(Technique.PRE_POST_COPY);
    }
}
