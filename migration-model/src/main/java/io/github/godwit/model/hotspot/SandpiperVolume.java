package io.github.godwit.model.hotspot;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.MemorySize;

/**
 * How heavily something loads a host, in one number: 1/((1−cpu)(1−network)(1−memory)), from 1 for nothing to 10^6 for a host
 * that is full every way (Sandpiper, which FGCS 2025 §5.1.1 follows; SPEC G10). The product makes a thing that is large in
 * one resource stand out, and one that is large in several still more.
 *
 * @param value the volume, at least 1, without unit
 */
public record SandpiperVolume(double value) implements Comparable<SandpiperVolume> {

    /** Loads are clipped here: at 1 the volume would be infinite and two full hosts could not be told apart. */
    private static final double HIGHEST_LOAD = 0.99;

    /**
     * @throws IllegalArgumentException when the value is below 1
     */
    public SandpiperVolume {
        if (!(value >= 1)) {
            throw new IllegalArgumentException("The Sandpiper volume (%s) must be at least 1.".formatted(value));
        }
    }

    /**
     * The volume of three loads.
     *
     * @param cpuLoad     share of the host's cores, from 0; more than 0.99 counts as 0.99
     * @param networkLoad share of the host's link, likewise
     * @param memoryLoad  share of the host's memory, likewise
     * @throws IllegalArgumentException when a load is negative or not a number
     */
    public static SandpiperVolume of(double cpuLoad, double networkLoad, double memoryLoad) {
        double free = free("CPU load", cpuLoad) * free("network load", networkLoad) * free("memory load", memoryLoad);
        return new SandpiperVolume(1 / free);
    }

    /** The volume of a whole host. */
    public static SandpiperVolume of(HostProfile host) {
        return of(host.cpuLoad(), host.networkLoad(), host.memoryLoad());
    }

    /**
     * The volume of one VM relative to the host that it is on.
     *
     * @param cores   CPU time that it takes, in cores
     * @param traffic what goes over its taps; the busier way counts
     * @param memory  its resident memory on the host
     * @param host    the host
     */
    public static SandpiperVolume of(double cores, Traffic traffic, MemorySize memory, HostProfile host) {
        HostProfile alone = new HostProfile(
                host.name(),
                host.cores(),
                Math.min(1, cores / host.cores()),
                host.memory(),
                Math.min(1, memory.bytes() / (double) Math.max(1, host.memory().bytes())),
                host.link(),
                traffic);
        return of(alone.cpuLoad(), alone.networkLoad(), alone.memoryLoad());
    }

    private static double free(String name, double load) {
        return 1 - Math.min(HIGHEST_LOAD, Checks.notNegative(name, load));
    }

    @Override
    public int compareTo(SandpiperVolume other) {
        return Double.compare(value, other.value);
    }
}
