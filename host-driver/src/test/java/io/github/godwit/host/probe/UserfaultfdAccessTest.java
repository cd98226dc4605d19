package io.github.godwit.host.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserfaultfdAccessTest {

    private static final QemuAccount LIBVIRT_QEMU = new QemuAccount(64055, 994, false);

    @ParameterizedTest(name = "sysctl {0}, device {1} of {2}:{3} with {4}, granted {5}: {6}")
    @CsvSource({
        // the default of Debian and of Linux
        "false, true,  0,     0,   600, false, false",
        "false, false, 0,     0,   0,   false, false",
        "true,  true,  0,     0,   600, false, true",
        "true,  false, 0,     0,   0,   false, true",
        // a udev rule for everybody, for the user, for its group
        "false, true,  0,     0,   666, false, true",
        "false, true,  64055, 0,   600, false, true",
        "false, true,  0,     994, 660, false, true",
        // reading is not enough, nor is another group
        "false, true,  0,     994, 640, false, false",
        "false, true,  0,     993, 660, false, false",
        // libvirt 10.1 grants the device, where the kernel has it
        "false, true,  0,     0,   600, true,  true",
        "false, false, 0,     0,   0,   true,  false",
    })
    void whoMayUseUserfaultfd(
            boolean everybody, boolean device, long uid, long gid, String mode, boolean granted, boolean permitted) {
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
                .contains("there is no /dev/userfaultfd", "Linux 6.1");
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
