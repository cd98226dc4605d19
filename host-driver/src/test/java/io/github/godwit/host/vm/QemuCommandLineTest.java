package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmNic;
import io.github.godwit.model.unit.MemorySize;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class QemuCommandLineTest {

    private static final Path IMAGE = Path.of("/images/guest.elf");
    private static final VmDirectory DIRECTORY = new VmDirectory(Path.of("/state/vms/web"));

    private final QemuCommandLine commandLine = new QemuCommandLine("qemu-system-x86_64");

    private static VmDefinition vm(Accelerator accelerator, int dirtyRing) {
        return new VmDefinition(
                "web", MemorySize.parse("512M"), 2, "guest.elf", "touched=64 ws=16", accelerator, dirtyRing);
    }

    private static String after(List<String> command, String option) {
        return command.get(command.indexOf(option) + 1);
    }

    @Test
    void theCommandLineContainsTheDefinition() {
        List<String> command = commandLine.boot(vm(Accelerator.KVM, 0), IMAGE, DIRECTORY);

        assertThat(command.get(0)).isEqualTo("qemu-system-x86_64");
        assertThat(after(command, "-accel")).isEqualTo("kvm");
        assertThat(after(command, "-m")).isEqualTo("512M");
        assertThat(after(command, "-smp")).isEqualTo("2");
        assertThat(after(command, "-kernel")).isEqualTo("/images/guest.elf");
        assertThat(after(command, "-append")).isEqualTo("touched=64 ws=16");
        assertThat(command)
                .contains("socket,id=qmp,path=/state/vms/web/qmp.sock,server=on,wait=off")
                .contains("socket,id=heartbeat,path=/state/vms/web/heartbeat.sock,server=on,wait=off")
                .doesNotContain("-incoming");
    }

    @Test
    void theDirtyRingIsAnOptionOfKvm() {
        assertThat(after(commandLine.boot(vm(Accelerator.KVM, 4096), IMAGE, DIRECTORY), "-accel"))
                .isEqualTo("kvm,dirty-ring-size=4096");
        assertThat(after(commandLine.boot(vm(Accelerator.TCG, 0), IMAGE, DIRECTORY), "-accel"))
                .isEqualTo("tcg");
    }

    /** The name of the tap is "gwt" and the first 6 bytes of the SHA-256 of /state/vms/web. */
    @Test
    void aNicIsVirtioOnTheTapOfTheVmsDirectory() {
        VmDefinition vm = new VmDefinition(
                "web",
                MemorySize.parse("256M"),
                1,
                "linux",
                "",
                Accelerator.TCG,
                0,
                0,
                new VmNic("52:54:00:AB:00:01", "br0"),
                "linux.initrd",
                null);

        List<String> command = commandLine.boot(vm, Path.of("/images/linux"), DIRECTORY);

        assertThat(after(command, "-initrd")).isEqualTo("/images/linux.initrd");
        assertThat(after(command, "-netdev")).isEqualTo("tap,id=net0,ifname=gwtad7cd32ac57b,script=no,downscript=no");
        assertThat(after(command, "-device")).isEqualTo("virtio-net-pci,netdev=net0,romfile=,mac=52:54:00:ab:00:01");
        assertThat(DIRECTORY.tap()).hasSize(15);
        assertThat(new VmDirectory(Path.of("/state2/vms/web")).tap()).isNotEqualTo(DIRECTORY.tap());
        assertThat(commandLine.boot(vm(Accelerator.KVM, 0), IMAGE, DIRECTORY)).doesNotContain("-netdev", "-initrd");
    }

    /** A destination with a newer QEMU must not mean its own newest type by {@code pc}. */
    @Test
    void theMachineTypeIsThatOfTheVm() {
        VmDefinition vm = vm(Accelerator.KVM, 0);

        assertThat(after(commandLine.boot(vm, IMAGE, DIRECTORY), "-machine")).isEqualTo("pc");
        assertThat(after(commandLine.incoming(vm.withMachine("pc-i440fx-7.2"), IMAGE, DIRECTORY), "-machine"))
                .isEqualTo("pc-i440fx-7.2");
    }

    @Test
    void sourceAndDestinationDifferOnlyByIncoming() {
        List<String> source = commandLine.boot(vm(Accelerator.KVM, 4096), IMAGE, DIRECTORY);
        List<String> destination = commandLine.incoming(vm(Accelerator.KVM, 4096), IMAGE, DIRECTORY);

        assertThat(destination).startsWith(source.toArray(String[]::new)).hasSize(source.size() + 2);
        assertThat(after(destination, "-incoming")).isEqualTo("defer");
    }

    @Test
    void aCommaInAPathIsEscaped() {
        VmDirectory directory = new VmDirectory(Path.of("/a,b"));
        assertThat(commandLine.boot(vm(Accelerator.KVM, 0), IMAGE, directory))
                .contains("socket,id=qmp,path=/a,,b/qmp.sock,server=on,wait=off");
    }

    @Test
    void aSocketPathOverTheKernelsLimitIsRefused() {
        assertThatThrownBy(() -> new VmDirectory(Path.of("/" + "x".repeat(100))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a socket in it would have 116 bytes, the kernel's limit is 107")
                .hasMessageContaining("Shorten the VM's name or --state.");
    }
}
