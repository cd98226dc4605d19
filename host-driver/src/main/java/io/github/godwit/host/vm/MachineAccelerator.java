package io.github.godwit.host.vm;

import com.sun.jna.Library;
import com.sun.jna.Native;
import io.github.godwit.model.profile.Accelerator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The accelerator for guests on this machine, for the lab and all tests: KVM if it works, otherwise TCG. {@value #VARIABLE}
 * overrides it, so that a machine with KVM can be tested as one without.
 *
 * @param accelerator the accelerator
 * @param reason      why it was chosen, in a sentence with its full stop
 */
public record MachineAccelerator(Accelerator accelerator, String reason) {

    /** Environment variable that overrides the accelerator: {@code kvm} or {@code tcg}. */
    public static final String VARIABLE = "GODWIT_ACCELERATOR";

    private static final Path DEVICE = Path.of("/dev/kvm");

    /** The accelerator without the override, detected on first use. */
    private static final class Machine {
        private static final MachineAccelerator DETECTED = detect();
    }

    /** The functions of the C library that the detection needs. */
    private interface LibC extends Library {
        int open(String path, int flags);

        int ioctl(int file, long request, long argument);

        int close(int file);
    }

    /**
     * The accelerator of this machine, or the one that {@value #VARIABLE} names.
     *
     * @throws IllegalArgumentException if the variable names no accelerator, or names KVM and KVM does not work
     */
    public static MachineAccelerator ofThisMachine() {
        return of(System.getenv(), Machine.DETECTED);
    }

    /** The accelerator for a given environment and a machine with the given default. */
    static MachineAccelerator of(Map<String, String> environment, MachineAccelerator machine) {
        String wanted = environment.getOrDefault(VARIABLE, "");
        if (wanted.isBlank()) {
            return machine;
        }
        Accelerator accelerator;
        try {
            accelerator = Accelerator.parse(wanted);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(VARIABLE, e.getMessage()), e);
        }
        if (accelerator == Accelerator.KVM && machine.accelerator() != Accelerator.KVM) {
            throw new IllegalArgumentException(
                    "%s is kvm, but %s Unset it, or set it to tcg.".formatted(VARIABLE, machine.reason()));
        }
        return new MachineAccelerator(accelerator, "%s is %s.".formatted(VARIABLE, accelerator.qemuName()));
    }

    private static MachineAccelerator detect() {
        if (!Files.exists(DEVICE)) {
            return new MachineAccelerator(Accelerator.TCG, "this machine has no /dev/kvm.");
        }
        try {
            return probe(Native.load("c", LibC.class));
        } catch (LinkageError e) {
            return new MachineAccelerator(Accelerator.TCG, "the C library cannot be called: %s.".formatted(e));
        }
    }

    /** Creates a VM as QEMU does: KVM may fail although its device file exists and is writable. */
    private static MachineAccelerator probe(LibC c) {
        final int readWrite = 2;
        final long createVm = 0xAE01; // KVM_CREATE_VM, _IO(0xAE, 0x01)
        int device = c.open(DEVICE.toString(), readWrite);
        if (device < 0) {
            return new MachineAccelerator(
                    Accelerator.TCG, "/dev/kvm cannot be opened (errno %d).".formatted(Native.getLastError()));
        }
        try {
            int vm = c.ioctl(device, createVm, 0);
            if (vm < 0) {
                return new MachineAccelerator(
                        Accelerator.TCG, "KVM cannot create a VM (errno %d).".formatted(Native.getLastError()));
            }
            c.close(vm);
            return new MachineAccelerator(Accelerator.KVM, "/dev/kvm works.");
        } finally {
            c.close(device);
        }
    }
}
