package io.github.godwit.model.proxy;

import io.github.godwit.model.unit.Checks;

/**
 * CPU time of a VM's vCPUs during a migration, on both hosts.
 *
 * @param seconds     from the start of the migration until the destination was read, or until its end where the VM stays, in s
 * @param source      time on the source since the start
 * @param destination time on the destination; null if the VM stays on the source
 */
public record VcpuTimes(double seconds, VcpuTime source, VcpuTime destination) {

    /**
     * @throws IllegalArgumentException when no time has passed, or the time on the source is missing
     */
    public VcpuTimes {
        Checks.positive("seconds of a migration", seconds);
        Checks.present("time on the source", source);
    }

    /** The time on both hosts. */
    public VcpuTime together() {
        return destination == null ? source : source.plus(destination);
    }
}
