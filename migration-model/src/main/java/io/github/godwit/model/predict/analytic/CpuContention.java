package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.CpuSpread;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.unit.MemorySize;

/**
 * How a migration, the migrated VM and all other VMs share the cores of a host. A hot host lacks CPU, so compressing
 * there takes it from the VMs that should be relieved. The scheduler is fair to threads: each thread may use up to some
 * level of a core; a thread that wants less gets all it wants, and the rest raises the level of the others. Threads
 * that have slept take precedence when they wake up, and vCPUs sleep most often: threads of other VMs get several times
 * the level of a thread that is always runnable. The migrated VM's vCPUs sometimes wake up late, so they slow down
 * before they reach the level.
 *
 * @param cores  cores of the host that the kernel does not need for the traffic on its NIC
 * @param others CPU use of other VMs and its spread over threads
 * @param weight share of a migration thread relative to that of a vCPU of the migrated VM
 */
record CpuContention(double cores, CpuSpread others, double weight) {

    /** Weight of a thread that sends or compresses, fitted to the lab's dataset. */
    static final double BUSY = 1.8;
    /** Weight of a thread that sleeps most of the time, fitted likewise: a vCPU of another VM, or a thread that receives pages. */
    static final double SLEEPER = 4.7;
    /** How early a vCPU slows down before it reaches the level, fitted likewise. */
    private static final double LATE_WAKES = 0.45;

    /** Cores that remain under any traffic. */
    private static final double MIN_CORES = 0.05;

    /** Contention on the source, whose load includes the VM. */
    static CpuContention onSource(MigrationCase migration, MigrationCosts costs) {
        VmProfile vm = migration.vm();
        HostProfile host = migration.source();
        return on(host, costs, host.cpuSpread().minus(vm.vcpuUse(), vm.vcpus()), BUSY);
    }

    /** Contention on the destination, whose load does not include the VM yet. */
    static CpuContention onDestination(MigrationCase migration, MigrationCosts costs) {
        HostProfile host = migration.destination();
        return on(host, costs, host.cpuSpread(), SLEEPER);
    }

    private static CpuContention on(HostProfile host, MigrationCosts costs, CpuSpread others, double weight) {
        double traffic =
                host.traffic().in().bytesPerSecond() + host.traffic().out().bytesPerSecond();
        double kernel = traffic / MemorySize.PAGE_BYTES * costs.trafficSecondsPerPage();
        return new CpuContention(Math.max(MIN_CORES, host.cores() - kernel), others, weight);
    }

    /**
     * The level: the share of a core that a thread of weight 1 may use.
     *
     * @param migration cores that the migration would use on an idle host
     * @param threads   number of its threads
     * @param vm        cores that the VM would use on an idle host
     * @param vcpus     number of its vCPUs
     * @return infinite when everything fits
     */
    double level(double migration, double threads, double vm, double vcpus) {
        double otherThreads = SLEEPER * others.fewestThreads();
        double migrationThreads = weight * threads;
        double left = cores;
        boolean migrationServed = migration == 0;
        boolean vmServed = vm == 0;
        boolean othersServed = others.cores() == 0;
        while (!(migrationServed && vmServed && othersServed)) {
            double level = left
                    / ((migrationServed ? 0 : migrationThreads)
                            + (vmServed ? 0 : vcpus)
                            + (othersServed ? 0 : otherThreads));
            if (!migrationServed && migration <= migrationThreads * level) {
                migrationServed = true;
                left -= migration;
            } else if (!vmServed && vm <= vcpus * level) {
                vmServed = true;
                left -= vm;
            } else if (!othersServed && others.cores() <= otherThreads * level) {
                othersServed = true;
                left -= others.cores();
            } else {
                return level;
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /** Cores that the migration gets at a level if it wants {@code demand}. */
    double granted(double demand, double threads, double level) {
        return Math.min(demand, threads * Math.min(1, weight * level));
    }

    /** Cores that the migration gets if it wants {@code demand} and the VM is not running here. */
    double granted(double demand, double threads) {
        return granted(demand, threads, level(demand, threads, 0, 0));
    }

    /** Share of its speed that a vCPU keeps at a level if it would use {@code use} of a core. */
    static double pace(double use, double level) {
        double felt = LATE_WAKES * use / level;
        return 1 / Math.sqrt(1 + felt * felt);
    }

    /** Share of the time in which other VMs and {@code demand} cores of other work occupy all cores. */
    double busy(double demand) {
        return Math.min(1, (others.cores() + demand) / cores);
    }

    /**
     * Share of its speed that a vCPU keeps if it may have to wait for a running thread each time it wakes up. The less
     * it has to do, the more of the delay it catches up.
     */
    double kept(double demand, double use, MigrationCosts costs) {
        return 1 - costs.wakeLoss() * Math.min(1, use) * busy(demand);
    }
}
