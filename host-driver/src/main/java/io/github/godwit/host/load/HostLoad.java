package io.github.godwit.host.load;

import io.github.godwit.hostapi.HostStatus.HugePages;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;

/** The capacity of this host for VMs, and its CPU and memory load. */
public interface HostLoad {

    /** Takes a sample; to be called every two seconds. */
    void sample();

    /** Number of CPU cores for VMs. */
    double cores();

    /** CPU load between the last two samples, as a share of all cores, 0 to 1. */
    double cpu();

    /** Memory for VMs. */
    MemorySize memory();

    /** The pools of huge pages, which only VMs with pages of that size can use. */
    default List<HugePages> hugePages() {
        return List.of();
    }

    /** Share of the memory that is in use, 0 to 1; free huge pages are not in use. */
    double memoryLoad();
}
