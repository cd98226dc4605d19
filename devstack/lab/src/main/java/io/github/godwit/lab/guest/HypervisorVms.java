package io.github.godwit.lab.guest;

import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.libvirt.LibvirtGuests;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.profile.VmDefinition;

/** Starts and stops VMs by the lab's hypervisor: through the host driver on plain QEMU, or as domains of libvirt. */
public final class HypervisorVms {

    private final Lab lab;

    /** The VMs of a lab. */
    public HypervisorVms(Lab lab) {
        this.lab = lab;
    }

    /** Starts a VM. */
    public void start(LabHost host, VmDefinition vm) {
        if (lab.hypervisor() == Hypervisor.LIBVIRT) {
            new LibvirtGuests(lab).start(host, vm);
        } else {
            lab.client(host).start(vm);
        }
    }

    /** Stops a VM and removes it. */
    public void stop(LabHost host, String name) {
        if (lab.hypervisor() == Hypervisor.LIBVIRT) {
            new LibvirtGuests(lab).stop(host, name);
        } else {
            lab.client(host).stop(name);
        }
    }
}
