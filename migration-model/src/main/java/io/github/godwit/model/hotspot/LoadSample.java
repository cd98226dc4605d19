package io.github.godwit.model.hotspot;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.unit.Checks;

/**
 * The load of one host at one moment.
 *
 * @param cpu    share of its cores in use, 0 to 1
 * @param memory share of its memory in use, 0 to 1
 */
public record LoadSample(double cpu, double memory) {

    /**
     * @throws IllegalArgumentException when a load is out of its range
     */
    public LoadSample {
        Checks.inRange("CPU load", cpu, 0, 1);
        Checks.inRange("memory load", memory, 0, 1);
    }

    /** The load of a host according to its profile. */
    public static LoadSample of(HostProfile host) {
        return new LoadSample(host.cpuLoad(), host.memoryLoad());
    }
}
