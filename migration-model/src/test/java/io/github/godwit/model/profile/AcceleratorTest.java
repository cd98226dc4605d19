package io.github.godwit.model.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceleratorTest {

    @Test
    void each_goes_by_the_name_that_qemu_has_for_it() {
        assertThat(Accelerator.KVM.qemuName()).isEqualTo("kvm");
        assertThat(Accelerator.TCG.qemuName()).isEqualTo("tcg");
    }

    @ParameterizedTest
    @CsvSource({"kvm, KVM", "tcg, TCG", "KVM, KVM", "' Tcg ', TCG"})
    void a_name_is_read_in_any_case_and_with_blanks_around_it(String name, Accelerator accelerator) {
        assertThat(Accelerator.parse(name)).isEqualTo(accelerator);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xen", "qemu", "", "kvm,dirty-ring-size=4096"})
    void any_other_name_is_refused_with_those_there_are(String name) {
        assertThatThrownBy(() -> Accelerator.parse(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no accelerator '%s'. Choose kvm or tcg.".formatted(name));
    }
}
