package io.github.godwit.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.probe.QemuAccount;
import io.github.godwit.model.unit.Version;
import java.util.Optional;
import org.junit.jupiter.api.Test;
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
                .hasValue(new QemuAccount(64055, 994, false));
        assertThat(user("+0:+0", Version.of(9, 0), Optional.empty())).hasValue(new QemuAccount(0, 0, false));
    }

    @Test
    void withoutALabelItIsTheUserOfTheDaemon() throws Exception {
        assertThat(EmulatorUser.of("<capabilities><host/></capabilities>", Version.of(11, 3), Optional.empty()))
                .isEmpty();
        assertThat(user("", Version.of(11, 3), Optional.empty())).isEmpty();
    }

    /** libvirt 10.1 labels /dev/userfaultfd inside of QEMU's mount namespace, which namespaces=[] in qemu.conf turns off. */
    @ParameterizedTest(name = "libvirt {0}.{1}, QEMU with its own /dev: {2}")
    @CsvSource({"10, 0, true, false", "10, 1, true, true", "11, 3, , true", "11, 3, false, false", "10, 0, , false"})
    void libvirtGrantsUserfaultfdFrom101OnUnlessItsQemusShowOtherwise(
            int major, int minor, Boolean ownDevices, boolean granted) throws Exception {
        assertThat(user("+64055:+994", Version.of(major, minor), Optional.ofNullable(ownDevices)))
                .hasValue(new QemuAccount(64055, 994, granted));
    }
}
