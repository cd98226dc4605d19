package io.github.godwit.strategy.replay;

/**
 * The hosts of a simulated cluster, which are all alike.
 *
 * @param hosts     how many, at least 2
 * @param cores     cores of each, at least 1
 * @param memoryGib memory of each, in GiB, at least 1
 */
public record ClusterSize(int hosts, int cores, int memoryGib) {

    /**
     * @throws IllegalArgumentException if a number is too small
     */
    public ClusterSize {
        if (hosts < 2 || cores < 1 || memoryGib < 1) {
            throw new IllegalArgumentException(
                    "A cluster needs at least two hosts (%d) with a core (%d) and 1 GiB of memory (%d)."
                            .formatted(hosts, cores, memoryGib));
        }
    }

    private static final double MEAN_LOAD = 0.3;

    /**
     * Returns as many hosts as a trace needs for a mean load of 30 %, and for the memory of all VMs with one host to spare.
     *
     * @param cores     cores of each
     * @param memoryGib memory of each, in GiB
     */
    public static ClusterSize forLoad(LoadTrace trace, int cores, int memoryGib) {
        double byLoad = Math.ceil(trace.use()[0] / (MEAN_LOAD * cores));
        double memory = trace.vms().stream().mapToLong(VmLoad::memoryMib).sum() / 1024.0;
        double byMemory = Math.ceil(memory / memoryGib) + 1;
        return new ClusterSize((int) Math.max(2, Math.max(byLoad, byMemory)), cores, memoryGib);
    }
}
