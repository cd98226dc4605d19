package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.profile.Accelerator;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MachineAcceleratorTest {

    private static final MachineAccelerator WITH_KVM = new MachineAccelerator(Accelerator.KVM, "/dev/kvm works.");
    private static final MachineAccelerator WITHOUT_KVM =
            new MachineAccelerator(Accelerator.TCG, "this machine has no /dev/kvm.");

    private static MachineAccelerator withVariable(String value, MachineAccelerator machine) {
        return MachineAccelerator.of(Map.of("GODWIT_ACCELERATOR", value), machine);
    }

    @Test
    void withoutTheVariableTheMachineDecides() {
        assertThat(MachineAccelerator.of(Map.of(), WITH_KVM)).isEqualTo(WITH_KVM);
        assertThat(MachineAccelerator.of(Map.of(), WITHOUT_KVM)).isEqualTo(WITHOUT_KVM);
        assertThat(withVariable(" ", WITH_KVM)).isEqualTo(WITH_KVM);
    }

    @Test
    void theVariableOverridesTheMachine() {
        assertThat(withVariable("tcg", WITH_KVM))
                .isEqualTo(new MachineAccelerator(Accelerator.TCG, "GODWIT_ACCELERATOR is tcg."));
        assertThat(withVariable("kvm", WITH_KVM).accelerator()).isEqualTo(Accelerator.KVM);
    }

    @Test
    void kvmIsRefusedWithTheReasonIfItDoesNotWork() {
        assertThatThrownBy(() -> withVariable("kvm", WITHOUT_KVM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GODWIT_ACCELERATOR is kvm, but this machine has no /dev/kvm.");
    }

    @Test
    void anUnknownAcceleratorIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> withVariable("xen", WITH_KVM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GODWIT_ACCELERATOR: There is no accelerator 'xen'. Choose kvm or tcg.");
    }
}
