package io.github.godwit.model.analytic;

import io.github.godwit.model.HostProfile;
import io.github.godwit.model.MemorySize;

/**
 * How a migration, the VM and all other VMs share a host's cores. What a hot host lacks most is CPU, so that compressing there
 * takes it from the very VMs that should be relieved. The scheduler is fair to threads: each may use up to some level of a core,
 * the same for all; who wants less gets all that it wants, and what it leaves raises the level for the others.
 *
 * @param cores  what the kernel's work for the traffic on the host's NIC leaves of its cores
 * @param others cores that other VMs use
 */
record CpuContention(double cores, double others) {

    /** So much of a core is left whatever the traffic. */
    private static final double LEAST_CORES = 0.05;

    /**
     * On a host as it was before the migration.
     *
     * @param own what of its load is the VM's own, in cores
     */
    static CpuContention on(HostProfile host, MigrationCosts costs, double own) {
        double traffic =
                host.traffic().in().bytesPerSecond() + host.traffic().out().bytesPerSecond();
        double kernel = traffic / MemorySize.PAGE_BYTES * costs.trafficSecondsPerPage();
        return new CpuContention(
                Math.max(LEAST_CORES, host.cores() - kernel), Math.max(0, host.cores() * host.cpuLoad() - own));
    }

    /**
     * The share of a core that a thread may use.
     *
     * @param migration cores that the migration would use on an idle host
     * @param threads   threads that it runs on
     * @param vm        cores that the VM would use
     * @param vcpus     its vCPUs
     * @return at most 1
     */
    double level(double migration, double threads, double vm, double vcpus) {
        double otherThreads = Math.ceil(others);
        double left = cores;
        double wanting = threads + vcpus + otherThreads;
        boolean migrationServed = false;
        boolean vmServed = false;
        boolean othersServed = false;
        while (wanting > 0) {
            double level = left / wanting;
            if (!migrationServed && migration <= threads * level) {
                migrationServed = true;
                left -= migration;
                wanting -= threads;
            } else if (!vmServed && vm <= vcpus * level) {
                vmServed = true;
                left -= vm;
                wanting -= vcpus;
            } else if (!othersServed && others <= otherThreads * level) {
                othersServed = true;
                left -= others;
                wanting -= otherThreads;
            } else {
                return Math.min(1, level);
            }
        }
        return 1;
    }

    /** Cores that the migration gets of {@code demand}, without the VM. */
    double granted(double demand, double threads) {
        return Math.min(demand, threads * level(demand, threads, 0, 0));
    }
}
