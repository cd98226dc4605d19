package io.github.godwit.model.analytic;

import io.github.godwit.model.CpuSpread;
import io.github.godwit.model.HostProfile;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.MigrationCase;
import io.github.godwit.model.VmProfile;

/**
 * How a migration, the VM and all other VMs share a host's cores. What a hot host lacks most is CPU, so that compressing there
 * takes it from the very VMs that should be relieved. The scheduler is fair to threads: each may use up to some level of a core,
 * the same for all; who wants less gets all that it wants, and what it leaves raises the level for the others.
 *
 * @param cores  what the kernel's work for the traffic on the host's NIC leaves of its cores
 * @param others what other VMs use, and over how many threads
 */
record CpuContention(double cores, CpuSpread others) {

    /** So much of a core is left whatever the traffic. */
    private static final double LEAST_CORES = 0.05;

    /** On the source, whose load the VM is part of. */
    static CpuContention onSource(MigrationCase migration, MigrationCosts costs) {
        VmProfile vm = migration.vm();
        HostProfile host = migration.source();
        return on(host, costs, host.cpuSpread().minus(vm.vcpuUse(), vm.vcpus()));
    }

    /** On the destination, where the VM is not yet. */
    static CpuContention onDestination(MigrationCase migration, MigrationCosts costs) {
        HostProfile host = migration.destination();
        return on(host, costs, host.cpuSpread());
    }

    private static CpuContention on(HostProfile host, MigrationCosts costs, CpuSpread others) {
        double traffic =
                host.traffic().in().bytesPerSecond() + host.traffic().out().bytesPerSecond();
        double kernel = traffic / MemorySize.PAGE_BYTES * costs.trafficSecondsPerPage();
        return new CpuContention(Math.max(LEAST_CORES, host.cores() - kernel), others);
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
        double otherThreads = others.fewestThreads();
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
            } else if (!othersServed && others.cores() <= otherThreads * level) {
                othersServed = true;
                left -= others.cores();
                wanting -= otherThreads;
            } else {
                return Math.min(1, level);
            }
        }
        return 1;
    }

    /** Share of the time in which all cores are taken by other VMs and {@code demand} cores' worth of other work. */
    double busy(double demand) {
        return Math.min(1, (others.cores() + demand) / cores);
    }

    /** Share of its speed that a VM keeps which, each time it wakes, may have to wait for a thread that just runs. */
    double kept(double demand, MigrationCosts costs) {
        return 1 - costs.wakeLoss() * busy(demand);
    }

    /** Cores that the migration gets of {@code demand}, without the VM. */
    double granted(double demand, double threads) {
        return Math.min(demand, threads * level(demand, threads, 0, 0));
    }
}
