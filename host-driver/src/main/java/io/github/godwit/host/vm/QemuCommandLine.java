package io.github.godwit.host.vm;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds QEMU's command line for a VM. Source and destination of a migration need the same command line but for
 * {@code -incoming}: otherwise QEMU refuses the migration stream.
 */
public final class QemuCommandLine {

    private final String binary;

    /**
     * Creates command lines for one QEMU.
     *
     * @param binary QEMU's system emulator: a name on the PATH, or a path
     */
    public QemuCommandLine(String binary) {
        this.binary = binary;
    }

    /**
     * The command line that boots a VM.
     *
     * @param vm        the VM
     * @param image     the guest's kernel, for {@code -kernel}; its initial RAM disk is beside it
     * @param directory for the sockets of the monitor, the console and the heartbeat
     */
    public List<String> boot(VmDefinition vm, Path image, VmDirectory directory) {
        List<String> command = new ArrayList<>();
        command.add(binary);
        add(command, "-name", "guest=" + escaped(vm.name()) + ",debug-threads=on");
        add(command, "-machine", vm.machine() == null ? "pc" : escaped(vm.machine()));
        add(command, "-accel", accelerator(vm));
        add(command, "-m", vm.memory().toString());
        add(command, "-smp", Integer.toString(vm.vcpus()));
        command.add("-nodefaults");
        command.add("-no-user-config");
        command.add("-no-reboot");
        if (vm.accelerator() == Accelerator.KVM) {
            // Otherwise a guest that was paused for the switchover gets all missed ticks at once.
            add(command, "-global", "kvm-pit.lost_tick_policy=discard");
        }
        add(command, "-display", "none");
        add(command, "-kernel", image.toString());
        if (vm.initrd() != null) {
            add(command, "-initrd", image.resolveSibling(vm.initrd()).toString());
        }
        if (!vm.kernelArguments().isEmpty()) {
            add(command, "-append", vm.kernelArguments());
        }
        if (vm.nic() != null) {
            add(command, "-netdev", "tap,id=net0,ifname=%s,script=no,downscript=no".formatted(directory.tap()));
            // without the option ROM for network boot, which would have to have the same size on both hosts
            add(
                    command,
                    "-device",
                    "virtio-net-pci,netdev=net0,romfile=,mac=" + vm.nic().mac());
        }
        socket(command, "heartbeat", directory.heartbeatSocket());
        add(command, "-device", "isa-debugcon,iobase=0xe9,chardev=heartbeat");
        socket(command, "console", directory.consoleSocket());
        add(command, "-serial", "chardev:console");
        socket(command, "qmp", directory.qmpSocket());
        add(command, "-mon", "chardev=qmp,mode=control");
        return List.copyOf(command);
    }

    /**
     * The command line that waits for an incoming migration ({@code -incoming defer}): the port follows later by
     * {@code migrate-incoming}.
     *
     * @param vm        the VM
     * @param image     the guest's kernel, the same as on the source
     * @param directory for the sockets
     */
    public List<String> incoming(VmDefinition vm, Path image, VmDirectory directory) {
        List<String> command = new ArrayList<>(boot(vm, image, directory));
        add(command, "-incoming", "defer");
        return List.copyOf(command);
    }

    /**
     * The command line of a QEMU without a machine, for queries about the binary itself. Its monitor is its standard input and output.
     *
     * @param accelerator value of {@code -accel}
     * @param sandbox     whether it gets the seccomp filter that libvirt gives to its VMs
     */
    public List<String> probe(String accelerator, boolean sandbox) {
        List<String> command = new ArrayList<>(List.of(binary, "-machine", "none", "-nodefaults", "-display", "none"));
        add(command, "-accel", accelerator);
        if (sandbox) {
            add(command, "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
        }
        add(command, "-qmp", "stdio");
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

    /** In QEMU's option lists a comma ends a value, unless it is doubled. */
    private static String escaped(String value) {
        return value.replace(",", ",,");
    }

    private static void add(List<String> command, String option, String value) {
        command.add(option);
        command.add(value);
    }
}
