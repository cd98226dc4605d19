package io.github.godwit.host.vm;

import com.sun.jna.Library;
import com.sun.jna.Native;
import io.github.godwit.model.profile.Accelerator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * How guests run on this machine, decided in this one place for the lab, its programs and all tests: by KVM where it works, else
 * by TCG. {@value #VARIABLE} overrides that, so that a machine with KVM can be tested as one without.
 *
 * @param accelerator how guests run
 * @param reason      why, in a sentence
 */
public record MachineAccelerator(Accelerator accelerator, String reason) {

    /** Environment variable that overrides what the machine can do: {@code kvm} or {@code tcg}. */
    public static final String VARIABLE = "GODWIT_ACCELERATOR";

    private static final Path DEVICE = Path.of("/dev/kvm");

    /** What is known of {@code /dev/kvm}; read once, since a machine does not change while a program runs. */
    private static final class Machine {
        private static final MachineAccelerator FOUND = found();
    }

    /** The C library's part that is needed. */
    private interface LibC extends Library {
        int open(String path, int flags);

        int ioctl(int file, long request, long argument);

        int close(int file);
    }

    /**
     * The accelerator of this machine, or the one that {@value #VARIABLE} says.
     *
     * @throws IllegalArgumentException when the variable names no accelerator, or KVM where it does not work
     */
    public static MachineAccelerator ofThisMachine() {
        return of(System.getenv(), Machine.FOUND);
    }

    /** The same for an environment and a machine of which it is known what they can do. */
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

    private static MachineAccelerator found() {
        if (!Files.exists(DEVICE)) {
            return new MachineAccelerator(Accelerator.TCG, "this machine has no /dev/kvm.");
        }
        try {
            return probed(Native.load("c", LibC.class));
        } catch (LinkageError e) {
            return new MachineAccelerator(Accelerator.TCG, "the C library cannot be called: %s.".formatted(e));
        }
    }

    /** Creates a VM as QEMU does; a device file that is there and may be written says nothing yet. */
    private static MachineAccelerator probed(LibC c) {
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
                        Accelerator.TCG, "KVM creates no VM (errno %d).".formatted(Native.getLastError()));
            }
            c.close(vm);
            return new MachineAccelerator(Accelerator.KVM, "/dev/kvm works.");
        } finally {
            c.close(device);
        }
    }
}
