package io.github.godwit.model.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CpuContentionTest {

    @Test
    void on_a_host_with_room_a_migration_takes_nothing_from_the_vms() {
        CpuContention roomy = new CpuContention(8, 2);

        assertThat(roomy.granted(2, 2)).isEqualTo(2);
        assertThat(roomy.keptByVms(2)).isEqualTo(1);
    }

    @Test
    void on_a_full_host_it_gets_its_fair_share_and_the_vms_the_rest() {
        CpuContention full = new CpuContention(1, 1);

        // Two threads beside one busy core: two thirds of it.
        assertThat(full.granted(2, 2)).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(full.keptByVms(2 / 3.0)).isCloseTo(1 / 3.0, within(1e-12));
    }

    @Test
    void what_it_does_not_want_it_does_not_take() {
        CpuContention full = new CpuContention(1, 1);

        assertThat(full.granted(0.1, 1)).isCloseTo(0.1, within(1e-12));
        assertThat(full.keptByVms(0.1)).isCloseTo(0.9, within(1e-12));
    }
}
