package io.github.godwit.model.analytic;

import io.github.godwit.model.HostProfile;
import io.github.godwit.model.MemorySize;

/**
 * How a migration and the VMs share a host's cores. What a hot host lacks most is CPU, so compressing there takes it from
 * the very VMs that should be relieved: the migration's threads get what is free or their fair share among the busy ones,
 * whichever is more, and the VMs what is left.
 *
 * @param cores the host's cores
 * @param busy  cores in use before the migration
 */
record CpuContention(double cores, double busy) {

    /** On a host as it was before the migration: its VMs, and what the kernel takes for the traffic on its NIC. */
    static CpuContention on(HostProfile host, MigrationCosts costs) {
        double traffic =
                host.traffic().in().bytesPerSecond() + host.traffic().out().bytesPerSecond();
        double kernel = traffic / MemorySize.PAGE_BYTES * costs.trafficSecondsPerPage();
        return new CpuContention(host.cores(), host.cores() * host.cpuLoad() + kernel);
    }

    /** The same with so many cores more in use, or fewer. */
    CpuContention with(double more) {
        return new CpuContention(cores, Math.max(0, busy + more));
    }

    /**
     * Cores that the migration gets.
     *
     * @param demand  cores that it would use on an idle host
     * @param threads threads that it runs on
     */
    double granted(double demand, double threads) {
        double fairShare = cores * threads / (threads + busy);
        return Math.min(demand, Math.max(cores - busy, fairShare));
    }

    /** Share of their speed that the VMs keep while the migration uses so many cores, 0 to 1. */
    double keptByVms(double granted) {
        return busy <= 0 ? 1 : Math.max(0, Math.min(1, (cores - granted) / busy));
    }
}
