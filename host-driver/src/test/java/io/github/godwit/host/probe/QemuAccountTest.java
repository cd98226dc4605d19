package io.github.godwit.host.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.probe.QemuAccount.Grant;
import org.junit.jupiter.api.Test;

class QemuAccountTest {

    @Test
    void qemuRunsAsThatUserWithoutCapabilities() {
        assertThat(new QemuAccount(64055, 994, Grant.NO).command("--init-groups"))
                .containsExactly(
                        "setpriv",
                        "--reuid=64055",
                        "--regid=994",
                        "--init-groups",
                        "--inh-caps=-all",
                        "--bounding-set=-all",
                        "--no-new-privs");
    }

    /** The device gets accessible only when libvirt starts a destination; the capability stands for it. */
    @Test
    void whereLibvirtGrantsTheDeviceTheProbeHasTheSameAccess() {
        assertThat(new QemuAccount(64055, 994, Grant.YES).command("--clear-groups"))
                .contains(
                        "--inh-caps=-all,+sys_ptrace", "--bounding-set=-all,+sys_ptrace", "--ambient-caps=+sys_ptrace");
    }
}
