package io.github.godwit.lab.collect;

import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.system.CommandRunner;
import io.github.godwit.lab.system.Programs;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/**
 * What can be collected on this machine.
 *
 * @param accelerator what runs the guests
 * @param release     release of the QEMU that the plan names, for example {@code 7.2}; empty for the machine's own
 * @param techniques  the techniques that QEMU supports; dirty-limit needs a VM with a dirty ring besides
 */
record Collectable(Accelerator accelerator, String release, Set<Technique> techniques) {

    /**
     * Probes the QEMU of a plan.
     *
     * @param commands runs the host driver's program
     * @throws LabException when QEMU does not start
     * @throws IllegalArgumentException when the plan names a technique that it does not support; the message lists those that it does
     */
    static Collectable of(CollectionPlan plan, CommandRunner commands) {
        String program = plan.qemu() == null ? LabHost.QEMU : plan.qemu();
        String printed = commands.run(Programs.hostDriver().toString(), "probe", "--qemu", program, "--json");
        try {
            return of(
                    plan,
                    MachineAccelerator.ofThisMachine().accelerator(),
                    WireJson.mapper().readValue(printed, HostCapabilities.class));
        } catch (IOException e) {
            throw new LabException("The capabilities of %s cannot be read: %s".formatted(program, e.getMessage()), e);
        }
    }

    static Collectable of(CollectionPlan plan, Accelerator accelerator, HostCapabilities capabilities) {
        Set<Technique> techniques = EnumSet.allOf(Technique.class);
        techniques.removeIf(technique -> capabilities.obstacle(technique).isPresent());
        techniques.remove(Technique.SCATTER_GATHER); // the labs of rows have no intermediaries
        if (accelerator != Accelerator.KVM) {
            techniques.remove(Technique.DIRTY_LIMIT);
        }
        if (plan.hypervisor() == Hypervisor.LIBVIRT) {
            // libvirt turns postcopy-preempt on by itself.
            techniques.remove(Technique.POST_COPY);
        }
        if (!techniques.containsAll(plan.techniques())) {
            throw new IllegalArgumentException(
                    "Of the techniques %s not all can be collected under %s with %s and QEMU %s. Choose from %s."
                            .formatted(
                                    plan.techniques(),
                                    accelerator,
                                    plan.hypervisor(),
                                    capabilities.qemu(),
                                    techniques));
        }
        String release = plan.qemu() == null
                ? ""
                : "%d.%d"
                        .formatted(
                                capabilities.qemu().major(), capabilities.qemu().minor());
        return new Collectable(accelerator, release, techniques);
    }
}
