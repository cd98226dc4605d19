package io.github.godwit.model.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.VmProfile;
import io.github.godwit.model.Vms;
import org.junit.jupiter.api.Test;

class CpuContentionTest {

    @Test
    void on_a_host_with_room_everyone_gets_what_it_wants() {
        CpuContention roomy = new CpuContention(8, 2);

        assertThat(roomy.granted(2, 2)).isEqualTo(2);
        assertThat(roomy.level(2, 2, 0.7, 1)).isEqualTo(1);
    }

    @Test
    void on_a_full_host_all_threads_share_alike() {
        CpuContention full = new CpuContention(1, 0.8);

        // two threads of the migration, the vCPU and another VM's
        assertThat(full.level(2, 2, 0.9, 1)).isCloseTo(0.25, within(1e-12));
        assertThat(full.granted(2, 2)).isCloseTo(2 / 3.0, within(1e-12));
    }

    @Test
    void what_one_does_not_want_the_others_share() {
        CpuContention full = new CpuContention(1, 0.2);

        // the migration takes a tenth and the other VM its fifth, the vCPU all that is left
        assertThat(full.level(0.1, 1, 0.9, 1)).isCloseTo(0.7, within(1e-12));
        assertThat(full.granted(0.1, 1)).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void a_guest_whose_faults_do_not_fit_beside_other_vms_is_slowed() {
        VmProfile vm = Vms.writing(256, 64, 64, 60, true);
        MigrationCosts costs = MigrationCosts.LAB;
        GuestPace pace = new GuestPace(vm, costs);

        assertThat(pace.speed(1, 0, 1)).isEqualTo(1);
        assertThat(pace.speed(1, 0, pace.demand(1, 0) / 2)).isCloseTo(0.5, within(1e-12));
        assertThat(pace.speed(1, 0.4, 1)).isCloseTo(0.6, within(1e-12));
    }
}
