package io.github.godwit.model.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CpuSpreadTest {

    @Test
    void vms_that_are_alike_count_each_with_all_its_vcpus() {
        CpuSpread three = CpuSpread.NONE.plus(0.2, 1).plus(0.2, 1).plus(0.4, 2);

        assertThat(three.cores()).isCloseTo(0.8, within(1e-12));
        assertThat(three.threads()).isCloseTo(4, within(1e-12));
    }

    @Test
    void vms_that_do_next_to_nothing_hardly_count() {
        CpuSpread spread = CpuSpread.NONE.plus(0.9, 1);
        for (int i = 0; i < 20; i++) {
            spread = spread.plus(0.001, 1);
        }

        // 0.92² / (0.81 + 20 · 10⁻⁶)
        assertThat(spread.threads()).isCloseTo(1.0449, within(1e-4));
    }

    @Test
    void what_was_added_can_be_taken_away() {
        CpuSpread spread = CpuSpread.NONE.plus(0.3, 1).plus(0.1, 1).plus(0.8, 4).minus(0.8, 4);

        assertThat(spread.cores()).isCloseTo(0.4, within(1e-12));
        assertThat(spread.threads()).isCloseTo(0.16 / 0.1, within(1e-9));
    }

    @Test
    void what_is_left_of_a_load_that_fell_meanwhile_is_unknown() {
        CpuSpread left = CpuSpread.NONE.plus(0.3, 1).plus(0.2, 1).minus(0.45, 1);

        assertThat(left.cores()).isCloseTo(0.05, within(1e-12));
        assertThat(left.threads()).isZero();
        assertThat(CpuSpread.NONE.plus(0.3, 1).minus(0.5, 1)).isEqualTo(CpuSpread.NONE);
    }

    @Test
    void of_an_unknown_spread_only_the_least_is_known() {
        CpuSpread unknown = new CpuSpread(1.2, 0);

        assertThat(unknown.fewestThreads()).isEqualTo(2);
        assertThat(unknown.plus(0.5, 1)).isEqualTo(new CpuSpread(1.7, 0));
        assertThat(new CpuSpread(1.2, 6).fewestThreads()).isEqualTo(6);
    }

    @Test
    void loads_are_not_negative() {
        assertThatThrownBy(() -> new CpuSpread(-0.1, 1)).hasMessageContaining("cores");
    }
}
