package io.github.godwit.lab.linux;

import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.system.Programs;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.profile.Accelerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The accelerator of Linux guests. KVM without hardware support runs the lab's freestanding guest, but a 64-bit Linux kernel hangs under
 * it, so that a kernel is booted once to find out. The answer is kept until the machine reboots.
 *
 * @param accelerator the accelerator
 * @param reason      why it is this one, in a sentence
 */
public record LinuxAccelerator(Accelerator accelerator, String reason) {

    /** What the guest's first process prints in a trial. */
    private static final String SIGN_OF_LIFE = "the kernel runs";

    /** A kernel boots in one second under KVM. */
    private static final Duration TRIAL = Duration.ofSeconds(12);

    private static final Path ANSWER = Path.of("/run/godwit/linux-accelerator");

    /** The accelerator for this machine. The first call may take twelve seconds. */
    public static LinuxAccelerator find() {
        MachineAccelerator machine = MachineAccelerator.ofThisMachine();
        if (machine.accelerator() == Accelerator.TCG) {
            return new LinuxAccelerator(Accelerator.TCG, machine.reason());
        }
        boolean boots = known() || tried();
        return boots
                ? new LinuxAccelerator(Accelerator.KVM, "A 64-bit Linux kernel boots under KVM.")
                : new LinuxAccelerator(
                        Accelerator.TCG,
                        "A 64-bit Linux kernel does not boot under this machine's KVM within %d s."
                                .formatted(TRIAL.toSeconds()));
    }

    private static boolean known() {
        return read().equals(Accelerator.KVM.qemuName());
    }

    private static boolean tried() {
        if (!read().isEmpty()) {
            return false;
        }
        boolean boots = boots();
        try {
            Files.createDirectories(ANSWER.getParent());
            Files.writeString(ANSWER, (boots ? Accelerator.KVM : Accelerator.TCG).qemuName());
        } catch (IOException e) {
            throw new LabException("%s cannot be written: %s".formatted(ANSWER, e.getMessage()), e);
        }
        return boots;
    }

    private static String read() {
        try {
            return Files.exists(ANSWER) ? Files.readString(ANSWER).strip() : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean boots() {
        LinuxWorkload smallest = LinuxWorkload.BUILD;
        new LinuxImages().build(smallest);
        Path images = Programs.images();
        try {
            String output = new SystemCommands(TRIAL)
                    .run(List.of(
                            "qemu-system-x86_64",
                            "-accel",
                            "kvm",
                            "-m",
                            "128M",
                            "-nodefaults",
                            "-no-user-config",
                            "-no-reboot",
                            "-display",
                            "none",
                            "-serial",
                            "stdio",
                            "-kernel",
                            images.resolve(LinuxImages.KERNEL).toString(),
                            "-initrd",
                            images.resolve(LinuxImages.initrd(smallest)).toString(),
                            "-append",
                            "console=ttyS0 quiet panic=-1 workload=trial"));
            return output.contains(SIGN_OF_LIFE);
        } catch (LabException e) {
            return false;
        }
    }
}
