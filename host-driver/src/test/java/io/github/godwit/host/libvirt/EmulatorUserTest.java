package io.github.godwit.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.when;

import io.github.godwit.host.probe.QemuAccount;
import io.github.godwit.host.probe.QemuAccount.Grant;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmulatorUserTest {

    private static final String CAPABILITIES = """
            <capabilities><host>
              <secmodel><model>apparmor</model><doi>0</doi></secmodel>
              <secmodel>
                <model>dac</model><doi>0</doi>
                <baselabel type='kvm'>%s</baselabel>
                <baselabel type='qemu'>%s</baselabel>
              </secmodel>
            </host></capabilities>""";

    private static Optional<QemuAccount> user(String label, Version libvirt, Optional<Boolean> ownDevices)
            throws LibvirtException {
        return EmulatorUser.of(CAPABILITIES.formatted(label, label), libvirt, ownDevices);
    }

    @Test
    void theDefaultLabelNamesUserAndGroup() throws Exception {
        assertThat(user("+64055:+994", Version.of(9, 0), Optional.empty()))
                .hasValue(new QemuAccount(64055, 994, Grant.NO));
        assertThat(user("+0:+0", Version.of(9, 0), Optional.empty())).hasValue(new QemuAccount(0, 0, Grant.NO));
    }

    /** libvirt reads its configuration when it starts. */
    @Test
    void aNewDaemonIsAskedAtOnceAndTheSameOneOnlyOnceAMinute() throws Exception {
        FakeLibvirt libvirt = new FakeLibvirt();
        libvirt.capabilities(CAPABILITIES.formatted("+0:+0", "+0:+0"));
        try (LibvirtConnection connection = libvirt.open();
                LibvirtVms vms = new LibvirtVms(connection)) {
            EmulatorUser user = new EmulatorUser(connection, vms);
            assertThat(user.get()).map(QemuAccount::uid).hasValue(0L);
            libvirt.capabilities(CAPABILITIES.formatted("+64055:+994", "+64055:+994"));
            assertThat(user.get()).map(QemuAccount::uid).hasValue(0L);

            when(libvirt.functions.virConnectIsAlive(FakeLibvirt.CONNECTION)).thenReturn(0);
            vms.refresh();
            assertThat(user.get()).map(QemuAccount::uid).hasValue(64055L);
        }
    }

    @Test
    void withoutALabelItIsTheUserOfTheDaemon() throws Exception {
        assertThat(EmulatorUser.of("<capabilities><host/></capabilities>", Version.of(11, 3), Optional.empty()))
                .isEmpty();
        assertThat(user("", Version.of(11, 3), Optional.empty())).isEmpty();
    }

    /** libvirt 10.1 labels /dev/userfaultfd inside of QEMU's mount namespace, which namespaces=[] in qemu.conf turns off. */
    @ParameterizedTest(name = "libvirt {0}.{1}, QEMU with its own /dev: {2}")
    @CsvSource({"10, 0, true, NO", "10, 1, true, YES", "11, 3, , UNKNOWN", "11, 3, false, NO", "10, 0, , NO"})
    void libvirtGrantsUserfaultfdFrom101OnIfItsQemusShowIt(int major, int minor, Boolean ownDevices, Grant granted)
            throws Exception {
        assertThat(user("+64055:+994", Version.of(major, minor), Optional.ofNullable(ownDevices)))
                .hasValue(new QemuAccount(64055, 994, granted));
    }

    private static void process(Path proc, String pid, String namespace) throws IOException {
        Path directory = Files.createDirectories(proc.resolve(pid + "/ns"));
        Files.createSymbolicLink(directory.resolve("mnt"), Path.of("mnt:[%s]".formatted(namespace)));
    }

    /** Process 1 may be unreadable, as in a container. */
    @ParameterizedTest(name = "own namespace {0}, the device in it {1}: {2}")
    @CsvSource({"7, true, true", "7, false, false", "1, true, false"})
    void aQemuWithItsOwnDevShowsThatLibvirtGrantsTheDevice(
            String namespace, boolean device, boolean granted, @TempDir Path proc) throws IOException {
        process(proc, "self", "1");
        process(proc, "42", namespace);
        Path dev = Files.createDirectories(proc.resolve("42/root/dev"));
        if (device) {
            Files.createFile(dev.resolve("userfaultfd"));
        }

        assertThat(LibvirtVms.hasOwnDevices(proc, 42)).isEqualTo(granted);
        process(proc, "1", namespace);
        assertThat(LibvirtVms.hasOwnDevices(proc, 42)).isFalse();
        assertThat(LibvirtVms.hasOwnDevices(proc, 43)).isFalse();
    }
}
