package io.github.godwit.lab.guest;

import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;

/** Starts and stops the lab's VMs, and controls their guests over the consoles. */
public final class LabVms {

    /** Memory that the guest program itself needs: its code and a version number for each page. */
    public static final MemorySize GUEST_OWN = MemorySize.ofMebibytes(16);

    private static final String IMAGE = "guest.elf";
    private static final int DIRTY_RING_ENTRIES = 4096;
    private static final Duration BOOT = Duration.ofSeconds(20);

    /** A guest under TCG fills its memory with some 60 MiB a second. */
    private static final double FILLED_PER_SECOND = 60;

    /** On a busy machine, KVM without hardware support sometimes loses the guest's first timer interrupt; the guest hangs then. */
    private static final int BOOTS = 3;

    private final Lab lab;
    private final HypervisorVms hypervisor;

    /** The VMs of a lab. */
    public LabVms(Lab lab) {
        this.lab = lab;
        this.hypervisor = new HypervisorVms(lab);
    }

    /**
     * Starts a VM under the accelerator of this machine and waits until its guest runs.
     *
     * @param dirtyRing whether KVM tracks its writes with a dirty ring, which dirty-limit needs; ignored under TCG
     */
    public void start(LabHost host, String name, MemorySize memory, GuestWorkload workload, boolean dirtyRing) {
        start(host, name, memory, 1, workload, dirtyRing);
    }

    /** The same with a number of vCPUs, of which the guest uses the first. */
    public void start(
            LabHost host, String name, MemorySize memory, int vcpus, GuestWorkload workload, boolean dirtyRing) {
        Accelerator accelerator = MachineAccelerator.ofThisMachine().accelerator();
        start(host, name, memory, vcpus, workload, accelerator, dirtyRing && accelerator == Accelerator.KVM);
    }

    /**
     * Starts a VM under a given accelerator and waits until its guest runs.
     *
     * @param vcpus     number of its vCPUs, of which the guest uses the first
     * @param dirtyRing whether KVM tracks its writes with a dirty ring, which dirty-limit needs
     */
    public void start(
            LabHost host,
            String name,
            MemorySize memory,
            int vcpus,
            GuestWorkload workload,
            Accelerator accelerator,
            boolean dirtyRing) {
        start(host, definition(name, memory, vcpus, workload, accelerator, dirtyRing), workload);
    }

    /** The definition of a VM that {@link #start(LabHost, VmDefinition, GuestWorkload)} starts; the parameters are as above. */
    public static VmDefinition definition(
            String name,
            MemorySize memory,
            int vcpus,
            GuestWorkload workload,
            Accelerator accelerator,
            boolean dirtyRing) {
        return new VmDefinition(
                name,
                memory,
                vcpus,
                IMAGE,
                workload.kernelArguments(name.hashCode() & 0xffff),
                accelerator,
                dirtyRing ? DIRTY_RING_ENTRIES : 0);
    }

    /**
     * Starts a VM as it is defined and waits until its guest runs.
     *
     * @param definition a {@link #definition} with the same workload
     */
    public void start(LabHost host, VmDefinition definition, GuestWorkload workload) {
        String name = definition.name();
        for (int attempt = 1; ; attempt++) {
            hypervisor.start(host, definition);
            try {
                console(host, name).awaitReady(boot(workload));
                return;
            } catch (LabException e) {
                hypervisor.stop(host, name);
                if (attempt == BOOTS) {
                    throw e;
                }
            }
        }
    }

    /** Stops a VM on whichever host it is. */
    public void stop(String name) {
        hypervisor.stop(lab.hostOf(name), name);
    }

    /** Changes the workload of a VM's guest; see {@link GuestConsole#set}. */
    public String set(String name, String settings) {
        return console(lab.hostOf(name), name).set(settings);
    }

    /** Has a VM's guest check its memory; see {@link GuestConsole#verify}. */
    public String verify(String name) {
        return console(lab.hostOf(name), name).verify();
    }

    /** Changes the workload of the guest of a VM on a known host. */
    public String set(String name, LabHost host, String settings) {
        return console(host, name).set(settings);
    }

    /** Has the guest of a VM on a known host check its memory. */
    public String verify(String name, LabHost host) {
        return console(host, name).verify();
    }

    /** Whether an answer of {@link #verify} says that the memory is intact. */
    public static boolean isVerified(String answer) {
        return answer.contains("verify ok");
    }

    private static Duration boot(GuestWorkload workload) {
        return BOOT.plusSeconds(Math.round(workload.touched().mebibytes() / FILLED_PER_SECOND));
    }

    private GuestConsole console(LabHost host, String name) {
        return new GuestConsole(lab.state(host).resolve("vms").resolve(name).resolve("console.sock"));
    }
}
