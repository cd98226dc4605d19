package io.github.godwit.host.load;

import io.github.godwit.model.unit.MemorySize;

/** How busy this host is. */
public interface HostLoad {

    /** Takes a sample; called every two seconds. */
    void sample();

    /** CPU cores that VMs may use. */
    double cores();

    /** Share of the cores in use between the last two samples, 0 to 1. */
    double cpu();

    /** Memory for VMs. */
    MemorySize memory();

    /** Share of the memory in use, 0 to 1. */
    double memoryLoad();
}
