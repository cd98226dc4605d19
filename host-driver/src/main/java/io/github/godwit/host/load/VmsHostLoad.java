package io.github.godwit.host.load;

import io.github.godwit.model.unit.MemorySize;

/** The load of a host that is a share of a machine: what its own VMs take of that share. */
public final class VmsHostLoad implements HostLoad {

    private final double cores;
    private final MemorySize memory;
    private final VmUse use;

    /**
     * @param cores  the host's share of the machine's cores
     * @param memory its share of the memory
     * @param use    what its VMs take; sampled elsewhere
     */
    public VmsHostLoad(double cores, MemorySize memory, VmUse use) {
        this.cores = cores;
        this.memory = memory;
        this.use = use;
    }

    @Override
    public void sample() {
        // The use of the VMs is sampled for their own status already.
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
