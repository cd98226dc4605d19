package io.github.godwit.lab.collect;

import io.github.godwit.lab.run.HostVms;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.Technique;
import java.util.List;

/**
 * What is collected.
 *
 * @param region     region of the design
 * @param seed       seed of the design; the same seed gives the same design
 * @param times      how often each VM is migrated by each technique in each direction
 * @param techniques only these techniques; empty for all that the lab's QEMU supports
 * @param watched    whether each VM is also migrated by those techniques that can be switched to post-copy so that it may be
 * @param hypervisor what the hosts run the VMs with
 * @param qemu       QEMU's program on both hosts; null for the machine's own
 */
public record CollectionPlan(
        DesignRegion region,
        long seed,
        int times,
        List<Technique> techniques,
        boolean watched,
        Hypervisor hypervisor,
        String qemu) {

    /** Everything of a region, once, with plain QEMU. */
    public static CollectionPlan of(DesignRegion region, long seed) {
        return new CollectionPlan(region, seed, 1, List.of(), false, Hypervisor.QEMU, null);
    }

    /** What runs the VMs of both hosts. */
    HostVms vms() {
        return qemu == null ? HostVms.of(hypervisor) : HostVms.parse(hypervisor, List.of(qemu));
    }

    /** Copies the list. */
    public CollectionPlan {
        techniques = List.copyOf(techniques);
    }
}
