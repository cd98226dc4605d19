package io.github.godwit.model.hotspot;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.MemorySize;

/**
 * The load of a host or a VM in one number: 1/((1−cpu)(1−network)(1−memory)), from 1 for no load to 10^6 for a host
 * whose resources are all exhausted (Sandpiper, as used in [FGCS 2025], section 5.1.1). The product emphasises a high
 * load of one resource, and a high load of several resources even more.
 *
 * @param value the volume, at least 1, without unit
 */
public record SandpiperVolume(double value) implements Comparable<SandpiperVolume> {

    /** Loads are limited to this: with a load of 1 the volume would be infinite, and two full hosts could not be compared. */
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
     * @param cores   CPU use of the VM, in cores
     * @param traffic traffic over its tap devices, of which the busier direction counts
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
