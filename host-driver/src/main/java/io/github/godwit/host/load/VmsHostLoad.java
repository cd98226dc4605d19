package io.github.godwit.host.load;

import io.github.godwit.model.unit.MemorySize;

/** The load of a host that is a share of a machine, such as a network namespace: the use of that share by its own VMs. */
public final class VmsHostLoad implements HostLoad {

    private final double cores;
    private final MemorySize memory;
    private final VmUse use;

    /**
     * Creates the load of a host.
     *
     * @param cores  the host's share of the machine's cores
     * @param memory the host's share of the machine's memory
     * @param use    the use of its VMs, which the caller samples
     */
    public VmsHostLoad(double cores, MemorySize memory, VmUse use) {
        this.cores = cores;
        this.memory = memory;
        this.use = use;
    }

    @Override
    public void sample() {
        // The use of the VMs is already sampled for their own status.
    }

    @Override
    public double cores() {
        return cores;
    }

    @Override
    public double cpu() {
        return Math.min(1, use.spread().cores() / cores);
    }

    @Override
    public MemorySize memory() {
        return memory;
    }

    @Override
    public double memoryLoad() {
        return Math.min(1, (double) use.totalResident() / memory.bytes());
    }
}
