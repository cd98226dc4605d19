package io.github.godwit.host.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.probe.QemuAccount.Grant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserfaultfdAccessTest {

    private static final QemuAccount LIBVIRT_QEMU = new QemuAccount(64055, 994, Grant.NO);

    @ParameterizedTest(name = "sysctl {0}, device {1} of {2}:{3} with {4}, granted {5}: {6}")
    @CsvSource({
        // the default of Debian and of Linux
        "false, true,  0,     0,   600, NO, false",
        "false, false, 0,     0,   0, NO, false",
        "true,  true,  0,     0,   600, NO, true",
        "true,  false, 0,     0,   0, NO, true",
        // a udev rule for everybody, for the user, for its group
        "false, true,  0,     0,   666, NO, true",
        "false, true,  64055, 0,   600, NO, true",
        "false, true,  0,     994, 660, NO, true",
        // reading is not enough, nor is another group
        "false, true,  0,     994, 640, NO, false",
        "false, true,  0,     993, 660, NO, false",
        // libvirt 10.1 grants the device, where the kernel has it
        "false, true,  0,     0,   600, YES, true",
        "false, false, 0,     0,   0, YES, false",
        "false, true,  0,     0,   600, UNKNOWN, false",
    })
    void whoMayUseUserfaultfd(
            boolean everybody, boolean device, long uid, long gid, String mode, Grant granted, boolean permitted) {
        UserfaultfdAccess access = new UserfaultfdAccess(everybody, device, uid, gid, Integer.parseInt(mode, 8));

        assertThat(access.permits(new QemuAccount(64055, 994, granted))).isEqualTo(permitted);
    }

    @Test
    void theAdviceSaysWhatToSetAndWhere() {
        assertThat(new UserfaultfdAccess(false, true, 0, 0, 0600).advice(LIBVIRT_QEMU))
                .isEqualTo(
                        "QEMU runs as uid 64055, gid 994 without capabilities, vm.unprivileged_userfaultfd is 0, and it has"
                                + " no access to /dev/userfaultfd. Set vm.unprivileged_userfaultfd=1, or give it read and write access"
                                + " to /dev/userfaultfd (docs/operators.md, Techniques that a server cannot use)");
        assertThat(new UserfaultfdAccess(false, false, 0, 0, 0).advice(LIBVIRT_QEMU))
                .contains("there is no /dev/userfaultfd", "Linux 6.1")
                .doesNotContain("as soon as");
        assertThat(new UserfaultfdAccess(false, true, 0, 0, 0600).advice(new QemuAccount(1, 1, Grant.UNKNOWN)))
                .contains("Whether libvirt gives QEMU access to it is known as soon as a server runs on this host.");
    }

    @Test
    void itIsReadFromTheSysctlAndTheDevice(@TempDir Path directory) throws Exception {
        Path sysctl = Files.writeString(directory.resolve("sysctl"), "0\n");
        Path device = Files.createFile(directory.resolve("userfaultfd"));
        Files.setPosixFilePermissions(device, PosixFilePermissions.fromString("rw-rw----"));

        UserfaultfdAccess access = UserfaultfdAccess.read(sysctl, device);

        assertThat(access.everybody()).isFalse();
        assertThat(access.device()).isTrue();
        assertThat(access.mode()).isEqualTo(0660);
        Files.writeString(sysctl, "1\n");
        assertThat(UserfaultfdAccess.read(sysctl, device).everybody()).isTrue();
        assertThat(UserfaultfdAccess.read(directory.resolve("none"), directory.resolve("none")))
                .isEqualTo(new UserfaultfdAccess(true, false, 0, 0, 0));
    }
}
