package io.github.godwit.host.vm;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that starts QEMU for a VM. Both ends of a migration must start from the same one but for
 * {@code -incoming}, or QEMU refuses the stream.
 */
public final class QemuCommandLine {

    private final String binary;

    /**
     * @param binary QEMU's system emulator, a name on the PATH or a path
     */
    public QemuCommandLine(String binary) {
        this.binary = binary;
    }

    /** Boots the VM. */
    public List<String> boot(VmDefinition vm, Path image, VmDirectory directory) {
        List<String> command = new ArrayList<>();
        command.add(binary);
        add(command, "-name", "guest=" + escaped(vm.name()) + ",debug-threads=on");
        add(command, "-machine", "pc");
        add(command, "-accel", accelerator(vm));
        add(command, "-m", vm.memory().toString());
        add(command, "-smp", Integer.toString(vm.vcpus()));
        command.add("-nodefaults");
        command.add("-no-user-config");
        command.add("-no-reboot");
        if (vm.accelerator() == Accelerator.KVM) {
            // A guest that was paused for its switchover must not get all missed ticks at once.
            add(command, "-global", "kvm-pit.lost_tick_policy=discard");
        }
        add(command, "-display", "none");
        add(command, "-kernel", image.toString());
        if (!vm.kernelArguments().isEmpty()) {
            add(command, "-append", vm.kernelArguments());
        }
        socket(command, "heartbeat", directory.heartbeatSocket());
        add(command, "-device", "isa-debugcon,iobase=0xe9,chardev=heartbeat");
        socket(command, "console", directory.consoleSocket());
        add(command, "-serial", "chardev:console");
        socket(command, "qmp", directory.qmpSocket());
        add(command, "-mon", "chardev=qmp,mode=control");
        return List.copyOf(command);
    }

    /** Waits for the VM's state; {@code migrate-incoming} tells it later where from. */
    public List<String> incoming(VmDefinition vm, Path image, VmDirectory directory) {
        List<String> command = new ArrayList<>(boot(vm, image, directory));
        add(command, "-incoming", "defer");
        return List.copyOf(command);
    }

    /** A QEMU without a machine, to ask what this binary takes. */
    List<String> probe(String accelerator, VmDirectory directory) {
        List<String> command = new ArrayList<>(List.of(binary, "-machine", "none", "-nodefaults", "-display", "none"));
        add(command, "-accel", accelerator);
        socket(command, "qmp", directory.qmpSocket());
        add(command, "-mon", "chardev=qmp,mode=control");
        add(command, "-incoming", "defer");
        return List.copyOf(command);
    }

    private static String accelerator(VmDefinition vm) {
        if (vm.accelerator() == Accelerator.TCG) {
            return "tcg";
        }
        return vm.dirtyRingSize() == 0 ? "kvm" : "kvm,dirty-ring-size=" + vm.dirtyRingSize();
    }

    private static void socket(List<String> command, String id, Path path) {
        add(command, "-chardev", "socket,id=%s,path=%s,server=on,wait=off".formatted(id, escaped(path.toString())));
    }

    /** QEMU's option lists end a value at a comma unless it is doubled. */
    private static String escaped(String value) {
        return value.replace(",", ",,");
    }

    private static void add(List<String> command, String option, String value) {
        command.add(option);
        command.add(value);
    }
}
