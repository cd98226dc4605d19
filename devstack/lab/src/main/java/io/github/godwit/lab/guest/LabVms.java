package io.github.godwit.lab.guest;

import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;

/** Starts and stops the lab's VMs through the host drivers, and controls their guests over the consoles. */
public final class LabVms {

    /** Memory that the guest program itself needs: its code and a version number for each page. */
    public static final MemorySize GUEST_OWN = MemorySize.ofMebibytes(16);

    private static final String IMAGE = "guest.elf";
    private static final int DIRTY_RING_ENTRIES = 4096;
    private static final Duration BOOT = Duration.ofSeconds(20);

    /** On a busy machine, KVM without hardware support sometimes loses the guest's first timer interrupt; the guest hangs then. */
    private static final int BOOTS = 3;

    private final Lab lab;

    /** The VMs of a lab. */
    public LabVms(Lab lab) {
        this.lab = lab;
    }

    /**
     * Starts a VM under the accelerator of this machine and waits until its guest runs.
     *
     * @param dirtyRing whether KVM tracks its writes with a dirty ring, which dirty-limit needs; ignored under TCG
     */
    public void start(LabHost host, String name, MemorySize memory, GuestWorkload workload, boolean dirtyRing) {
        Accelerator accelerator = MachineAccelerator.ofThisMachine().accelerator();
        start(host, name, memory, workload, accelerator, dirtyRing && accelerator == Accelerator.KVM);
    }

    /**
     * Starts a VM under a given accelerator and waits until its guest runs.
     *
     * @param dirtyRing whether KVM tracks its writes with a dirty ring, which dirty-limit needs
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

    /** Stops a VM on whichever host it is. */
    public void stop(String name) {
        lab.client(lab.hostOf(name)).stop(name);
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

    private GuestConsole console(LabHost host, String name) {
        return new GuestConsole(lab.state(host).resolve("vms").resolve(name).resolve("console.sock"));
    }
}
