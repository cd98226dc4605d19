package io.github.godwit.lab.guest;

import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;

/** The lab's VMs: started through the host drivers, talked to over their consoles. */
public final class LabVms {

    /** Memory that the guest program needs for itself: its code and a version for each page. */
    public static final MemorySize GUEST_OWN = MemorySize.ofMebibytes(16);

    private static final String IMAGE = "guest.elf";
    private static final int DIRTY_RING_ENTRIES = 4096;
    private static final Duration BOOT = Duration.ofSeconds(20);

    /** On a busy machine KVM without hardware support now and then loses the guest's first timer interrupt for good. */
    private static final int BOOTS = 3;

    private final Lab lab;

    /** The VMs of a lab. */
    public LabVms(Lab lab) {
        this.lab = lab;
    }

    /**
     * Starts a VM and waits until its guest works.
     *
     * @param dirtyRing whether its writes are tracked by a dirty ring where that can be, which is under KVM; dirty-limit needs it
     */
    public void start(LabHost host, String name, MemorySize memory, GuestWorkload workload, boolean dirtyRing) {
        Accelerator accelerator = MachineAccelerator.ofThisMachine().accelerator();
        start(host, name, memory, workload, accelerator, dirtyRing && accelerator == Accelerator.KVM);
    }

    /**
     * The same with an accelerator of the caller's choice.
     *
     * @param dirtyRing whether KVM tracks its writes by a dirty ring, which dirty-limit needs
     */
    public void start(
            LabHost host,
            String name,
            MemorySize memory,
            GuestWorkload workload,
            Accelerator accelerator,
            boolean dirtyRing) {
        VmDefinition definition = new VmDefinition(
                name,
                memory,
                1,
                IMAGE,
                workload.kernelArguments(name.hashCode() & 0xffff),
                accelerator,
                dirtyRing ? DIRTY_RING_ENTRIES : 0);
        for (int attempt = 1; ; attempt++) {
            lab.client(host).start(definition);
            try {
                console(host, name).awaitReady(BOOT);
                return;
            } catch (LabException e) {
                lab.client(host).stop(name);
                if (attempt == BOOTS) {
                    throw e;
                }
            }
        }
    }

    /** Stops a VM, wherever it is. */
    public void stop(String name) {
        lab.client(lab.hostOf(name)).stop(name);
    }

    /** Changes what a VM's guest does. */
    public String set(String name, String settings) {
        return console(lab.hostOf(name), name).set(settings);
    }

    /** Has a VM's guest check its memory; see {@link GuestConsole#verify}. */
    public String verify(String name) {
        return console(lab.hostOf(name), name).verify();
    }

    /** The same where it is known which host the VM is on. */
    public String set(String name, LabHost host, String settings) {
        return console(host, name).set(settings);
    }

    /** The same where it is known which host the VM is on. */
    public String verify(String name, LabHost host) {
        return console(host, name).verify();
    }

    /** Whether an answer of {@link #verify} is good. */
    public static boolean isVerified(String answer) {
        return answer.contains("verify ok");
    }

    private GuestConsole console(LabHost host, String name) {
        return new GuestConsole(lab.state(host).resolve("vms").resolve(name).resolve("console.sock"));
    }
}
