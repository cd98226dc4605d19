package io.github.godwit.lab.collect;

import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;

/**
 * One VM of the design and the two hosts it goes back and forth between. Each way is a case of its own: another workload in
 * the same memory, another downtime limit, and the hosts' loads the other way round.
 *
 * @param number    its place in the design, from 0
 * @param family    its workload family
 * @param link      rate of both hosts' links
 * @param memory    its memory
 * @param dirtyRing whether KVM tracks its writes by a dirty ring
 * @param there     from the first host to the second
 * @param back      from the second host to the first
 * @param first     what else the first host does
 * @param second    what else the second host does
 */
record DesignedVm(
        int number,
        WorkloadFamily family,
        Bandwidth link,
        MemorySize memory,
        boolean dirtyRing,
        Way there,
        Way back,
        HostActivity first,
        HostActivity second) {

    /**
     * What is particular to one direction.
     *
     * @param workload      what the guest does
     * @param downtimeLimit QEMU's downtime limit
     * @param timeLimit     when a migration counts as not converging
     */
    record Way(GuestWorkload workload, Duration downtimeLimit, Duration timeLimit) {}

    /**
     * What a host does beside this VM.
     *
     * @param cpu     share of a core that another VM keeps busy, 0 for none
     * @param traffic other traffic on its link, zero for none
     * @param out     whether that leaves the host
     */
    record HostActivity(double cpu, Bandwidth traffic, boolean out) {}

    /** The VM's name, which names its cases too. */
    String name() {
        return "vm-%04d".formatted(number);
    }
}
