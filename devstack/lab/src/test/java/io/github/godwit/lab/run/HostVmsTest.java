package io.github.godwit.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.profile.Hypervisor;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostVmsTest {

    private static HostVms qemu(String... programs) {
        return HostVms.parse(Hypervisor.QEMU, List.of(programs));
    }

    @Test
    void aHostRunsItsOwnProgramElseThatOfAllElseTheMachines() {
        assertThat(qemu().qemu("h1")).isEqualTo("qemu-system-x86_64");
        assertThat(qemu("/q/7.2").qemu("h1")).isEqualTo("/q/7.2");
        assertThat(qemu("h2=/q/7.2").qemu("h1")).isEqualTo("qemu-system-x86_64");
        assertThat(qemu("/q/11", "h2=/q/7.2").qemu("h2")).isEqualTo("/q/7.2");
        assertThat(qemu("/q/11", "h2=/q/7.2").qemu("h3")).isEqualTo("/q/11");
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThatThrownBy(() -> qemu("h1=/a", "h1=/b")).hasMessageContaining("two programs for h1");
        assertThatThrownBy(() -> qemu("/a", "/b")).hasMessageContaining("two programs for all hosts");
        assertThatThrownBy(() -> HostVms.parse(Hypervisor.LIBVIRT, List.of("/a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Leave --qemu out");
        assertThatThrownBy(() -> qemu("h9=/a").check(List.of("h1", "h2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'h9'")
                .hasMessageContaining("h1, h2");
    }
}
