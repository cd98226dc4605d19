package io.github.godwit.lab.collect;

import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;

/**
 * One VM of the design and the two hosts that it moves back and forth between. Each direction is a separate case, with
 * another workload in the same memory, another downtime limit, and the loads of the hosts swapped.
 *
 * @param number    its number in the design, from 0
 * @param family    its workload family
 * @param link      rate of the links of both hosts
 * @param memory    its memory
 * @param vcpus     number of its vCPUs, of which the guest works on the first
 * @param dirtyRing whether KVM tracks its writes with a dirty ring
 * @param there     the migrations from the first host to the second
 * @param back      the migrations from the second host to the first
 * @param first     other activity of the first host
 * @param second    other activity of the second host
 */
record DesignedVm(
        int number,
        WorkloadFamily family,
        Bandwidth link,
        MemorySize memory,
        int vcpus,
        boolean dirtyRing,
        Leg there,
        Leg back,
        HostActivity first,
        HostActivity second) {

    /**
     * The case of one direction.
     *
     * @param workload      the workload of the guest
     * @param downtimeLimit QEMU's downtime limit
     * @param timeLimit     time after which a migration counts as not converging
     */
    record Leg(GuestWorkload workload, Duration downtimeLimit, Duration timeLimit) {}

    /**
     * What a host does besides running this VM.
     *
     * @param cpu     share of a core that another VM keeps busy, 0 for none
     * @param traffic other traffic on its link, zero for none
     * @param out     whether the traffic leaves the host
     */
    record HostActivity(double cpu, Bandwidth traffic, boolean out) {}

    /** Name of the VM, which is part of the names of its cases. */
    String name() {
        return "vm-%04d".formatted(number);
    }
}
