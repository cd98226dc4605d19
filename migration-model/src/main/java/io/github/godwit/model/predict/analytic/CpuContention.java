package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.CpuSpread;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.unit.MemorySize;

/**
 * How a migration, the VM and all other VMs share a host's cores. What a hot host lacks most is CPU, so that compressing there
 * takes it from the very VMs that should be relieved. The scheduler is fair to threads: each may use up to some level of a core,
 * who wants less gets all that it wants, and what it leaves raises the level for the others. Threads that have slept come first when they
 * wake, and vCPUs sleep most: other VMs' threads get several times the level that is left to who always wants more. The migrated VM's own vCPUs wake
 * in time or late by chance, so that they feel the level before they reach it.
 *
 * @param cores  what the kernel's work for the traffic on the host's NIC leaves of its cores
 * @param others what other VMs use, and over how many threads
 * @param weight what a thread of the migration gets where a vCPU of the migrated VM gets 1
 */
record CpuContention(double cores, CpuSpread others, double weight) {

    /** Weight of a thread that sends or compresses, fitted to the lab's rows. */
    static final double BUSY = 1.8;
    /** Of one that sleeps most of the time, likewise: a vCPU of another VM, or a thread that receives and waits for the wire. */
    static final double SLEEPER = 4.7;
    /** How early a vCPU feels that there is a level, likewise. */
    private static final double LATE_WAKES = 0.45;

    /** So much of a core is left whatever the traffic. */
    private static final double LEAST_CORES = 0.05;

    /** On the source, whose load the VM is part of. */
    static CpuContention onSource(MigrationCase migration, MigrationCosts costs) {
        VmProfile vm = migration.vm();
        HostProfile host = migration.source();
        return on(host, costs, host.cpuSpread().minus(vm.vcpuUse(), vm.vcpus()), BUSY);
    }

    /** On the destination, where the VM is not yet. */
    static CpuContention onDestination(MigrationCase migration, MigrationCosts costs) {
        HostProfile host = migration.destination();
        return on(host, costs, host.cpuSpread(), SLEEPER);
    }

    private static CpuContention on(HostProfile host, MigrationCosts costs, CpuSpread others, double weight) {
        double traffic =
                host.traffic().in().bytesPerSecond() + host.traffic().out().bytesPerSecond();
        double kernel = traffic / MemorySize.PAGE_BYTES * costs.trafficSecondsPerPage();
        return new CpuContention(Math.max(LEAST_CORES, host.cores() - kernel), others, weight);
    }

    /**
     * The level: the share of a core that a thread of weight 1 may use.
     *
     * @param migration cores that the migration would use on an idle host
     * @param threads   threads that it runs on
     * @param vm        cores that the VM would use
     * @param vcpus     its vCPUs
     * @return infinite where there is room for all
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

    /** Cores that the migration gets of {@code demand} at a level. */
    double granted(double demand, double threads, double level) {
        return Math.min(demand, threads * Math.min(1, weight * level));
    }

    /** Cores that the migration gets of {@code demand}, without the VM. */
    double granted(double demand, double threads) {
        return granted(demand, threads, level(demand, threads, 0, 0));
    }

    /** Share of its speed that a vCPU keeps which would use {@code use} of a core, at a level. */
    static double pace(double use, double level) {
        double felt = LATE_WAKES * use / level;
        return 1 / Math.sqrt(1 + felt * felt);
    }

    /** Share of the time in which all cores are taken by other VMs and {@code demand} cores' worth of other work. */
    double busy(double demand) {
        return Math.min(1, (others.cores() + demand) / cores);
    }

    /**
     * Share of its speed that a vCPU keeps which, each time it wakes, may have to wait for a thread that just runs. The less it has to do, the
     * more of that it makes good.
     */
    double kept(double demand, double use, MigrationCosts costs) {
        return 1 - costs.wakeLoss() * Math.min(1, use) * busy(demand);
    }
}
