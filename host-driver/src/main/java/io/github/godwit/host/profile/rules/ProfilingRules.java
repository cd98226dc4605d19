package io.github.godwit.host.profile.rules;

import io.github.godwit.host.profile.VmProfiler;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Which VMs of this host are profiled, and by what, as its operator decides.
 *
 * @param means   how VMs are profiled
 * @param names   names of VMs that are not profiled; for Nova's servers their UUIDs
 * @param flavors names of flavors whose servers are not profiled
 */
public record ProfilingRules(Means means, Set<String> names, Set<String> flavors) {

    /** How VMs are profiled. */
    public enum Means {
        /** Through QEMU's monitor and {@code /proc}. libvirt marks a domain as tainted when its monitor is used. */
        MONITOR,
        /** Through {@code /proc} alone. */
        PROC,
        /** Not at all. */
        NONE
    }

    /** All VMs, through the monitor. */
    public static final ProfilingRules DEFAULT = new ProfilingRules(Means.MONITOR, Set.of(), Set.of());

    private static final String NAME = "uuid=";
    private static final String FLAVOR = "flavor=";

    /** Copies the sets. */
    public ProfilingRules {
        names = Set.copyOf(names);
        flavors = Set.copyOf(flavors);
    }

    /**
     * Reads the rules as an operator writes them.
     *
     * @param excluded {@code uuid=UUID} and {@code flavor=NAME}
     * @throws IllegalArgumentException if one of them has another form
     */
    public static ProfilingRules of(Means means, List<String> excluded) {
        Set<String> names = new TreeSet<>();
        Set<String> flavors = new TreeSet<>();
        for (String each : excluded) {
            if (each.startsWith(NAME) && each.length() > NAME.length()) {
                names.add(each.substring(NAME.length()));
            } else if (each.startsWith(FLAVOR) && each.length() > FLAVOR.length()) {
                flavors.add(each.substring(FLAVOR.length()));
            } else {
                throw new IllegalArgumentException(
                        "--no-profiling-of '%s' names no server. Write uuid=UUID or flavor=NAME.".formatted(each));
            }
        }
        return new ProfilingRules(means, names, flavors);
    }

    /** The same profiler by these means: without the monitor, it measures what {@code /proc} shows. */
    public VmProfiler profiler(VmProfiler profiler) {
        if (means == Means.MONITOR) {
            return profiler;
        }
        NoMonitor none = new NoMonitor();
        return (vm, qmp, patience, early) -> profiler.profile(vm, none, patience, early);
    }

    /**
     * Why a VM is not profiled, as a clause; empty if it is.
     *
     * @param vm     its name
     * @param flavor the name of its flavor; asked only if a rule needs it, and a VM whose flavor is not known counts as excluded
     */
    public Optional<String> objection(String vm, Supplier<Optional<String>> flavor) {
        if (means == Means.NONE) {
            return Optional.of("its host driver runs with --profile-through none");
        }
        if (names.contains(vm)) {
            return Optional.of("--no-profiling-of of its host driver names it");
        }
        if (flavors.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> known = flavor.get();
        if (known.isEmpty()) {
            return Optional.of("its flavor is not known, and --no-profiling-of of its host driver names flavors");
        }
        return flavors.contains(known.get())
                ? Optional.of("--no-profiling-of of its host driver names its flavor %s".formatted(known.get()))
                : Optional.empty();
    }
}
