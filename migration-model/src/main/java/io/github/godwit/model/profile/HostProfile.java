package io.github.godwit.model.profile;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.MemorySize;

/**
 * One hypervisor host at a moment (SPEC G3).
 *
 * @param name       the host's name
 * @param cores      CPU cores that its VMs may use, above 0; a fraction where the host is a share of a machine
 * @param cpuLoad    share of those cores in use, 0 to 1
 * @param memory     memory for VMs
 * @param memoryLoad share of that memory in use, 0 to 1
 * @param link       rate of the NIC that migrations leave by
 * @param traffic    what goes over that NIC, migrations included
 * @param busyThreads over how many equally busy threads the CPU load is spread, see {@link CpuSpread}; 0 where that is unknown
 */
public record HostProfile(
        String name,
        double cores,
        double cpuLoad,
        MemorySize memory,
        double memoryLoad,
        Bandwidth link,
        Traffic traffic,
        double busyThreads) {

    /**
     * @throws IllegalArgumentException when a value is missing or out of its range
     */
    public HostProfile {
        Checks.named("host name", name);
        Checks.positive("number of cores", cores);
        Checks.inRange("cpuLoad", cpuLoad, 0, 1);
        Checks.present("memory", memory);
        Checks.inRange("memoryLoad", memoryLoad, 0, 1);
        Checks.present("link", link);
        Checks.present("traffic", traffic);
        Checks.notNegative("busyThreads", busyThreads);
    }

    /** A host of which it is not known over how many threads its load is spread. */
    public HostProfile(
            String name,
            double cores,
            double cpuLoad,
            MemorySize memory,
            double memoryLoad,
            Bandwidth link,
            Traffic traffic) {
        this(name, cores, cpuLoad, memory, memoryLoad, link, traffic, 0);
    }

    /** The CPU load and its threads. */
    public CpuSpread cpuSpread() {
        return new CpuSpread(cores * cpuLoad, busyThreads);
    }

    /** Share of the link in use, the busier way, 0 to 1. */
    public double networkLoad() {
        double busier = Math.max(traffic.in().megabits(), traffic.out().megabits());
        return link.bitsPerSecond() == 0 ? 1 : Math.min(1, busier / link.megabits());
    }
}
