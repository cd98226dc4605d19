package io.github.godwit.model.profile;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.MemorySize;

/**
 * The load of one hypervisor host at one moment.
 *
 * @param name       the host's name
 * @param cores      CPU cores that its VMs may use, above 0; may be a fraction, for a host that gets a share of a machine
 * @param cpuLoad    share of those cores in use, 0 to 1
 * @param memory     memory for VMs
 * @param memoryLoad share of that memory in use, 0 to 1
 * @param link       rate of the NIC that migrations use
 * @param traffic    traffic over that NIC, migrations included
 * @param busyThreads number of equally busy threads that cause the CPU load, see {@link CpuSpread}; 0 where it is unknown
 * @param hypervisor  what runs migrations away from this host; null means plain QEMU, as in profiles from before this was recorded
 */
public record HostProfile(
        String name,
        double cores,
        double cpuLoad,
        MemorySize memory,
        double memoryLoad,
        Bandwidth link,
        Traffic traffic,
        double busyThreads,
        Hypervisor hypervisor) {

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
        hypervisor = hypervisor == null ? Hypervisor.QEMU : hypervisor;
    }

    /** A host of plain QEMU. */
    public HostProfile(
            String name,
            double cores,
            double cpuLoad,
            MemorySize memory,
            double memoryLoad,
            Bandwidth link,
            Traffic traffic,
            double busyThreads) {
        this(name, cores, cpuLoad, memory, memoryLoad, link, traffic, busyThreads, Hypervisor.QEMU);
    }

    /** A host of plain QEMU whose number of busy threads is unknown. */
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

    /** A copy with another link and other traffic on it. */
    public HostProfile with(Bandwidth otherLink, Traffic otherTraffic) {
        return new HostProfile(
                name, cores, cpuLoad, memory, memoryLoad, otherLink, otherTraffic, busyThreads, hypervisor);
    }

    /** The CPU load and its spread over threads. */
    public CpuSpread cpuSpread() {
        return new CpuSpread(cores * cpuLoad, busyThreads);
    }

    /** Share of the link in use, in the busier direction, 0 to 1. */
    public double networkLoad() {
        double busier = Math.max(traffic.in().megabits(), traffic.out().megabits());
        return link.bitsPerSecond() == 0 ? 1 : Math.min(1, busier / link.megabits());
    }
}
