package io.github.godwit.model.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Bandwidth;
import io.github.godwit.model.CpuSpread;
import io.github.godwit.model.HostProfile;
import io.github.godwit.model.LinkProfile;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.MigrationCase;
import io.github.godwit.model.MigrationTuning;
import io.github.godwit.model.Traffic;
import io.github.godwit.model.VmProfile;
import io.github.godwit.model.Vms;
import org.junit.jupiter.api.Test;

class CpuContentionTest {

    @Test
    void on_a_host_with_room_everyone_gets_what_it_wants() {
        CpuContention roomy = new CpuContention(8, new CpuSpread(2, 2));

        assertThat(roomy.granted(2, 2)).isEqualTo(2);
        assertThat(roomy.level(2, 2, 0.7, 1)).isEqualTo(1);
    }

    @Test
    void on_a_full_host_all_threads_share_alike() {
        CpuContention full = new CpuContention(1, new CpuSpread(0.8, 1));

        // two threads of the migration, the vCPU and another VM's
        assertThat(full.level(2, 2, 0.9, 1)).isCloseTo(0.25, within(1e-12));
        assertThat(full.granted(2, 2)).isCloseTo(2 / 3.0, within(1e-12));
    }

    @Test
    void what_one_does_not_want_the_others_share() {
        CpuContention full = new CpuContention(1, new CpuSpread(0.2, 1));

        // the migration takes a tenth and the other VM its fifth, the vCPU all that is left
        assertThat(full.level(0.1, 1, 0.9, 1)).isCloseTo(0.7, within(1e-12));
        assertThat(full.granted(0.1, 1)).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void one_busy_vm_gives_way_and_many_that_want_little_do_not() {
        CpuContention one = new CpuContention(1, new CpuSpread(0.6, 1));
        CpuContention many = new CpuContention(1, new CpuSpread(0.6, 6));

        assertThat(one.level(1, 1, 1, 1)).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(many.level(1, 1, 1, 1)).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void a_vm_loses_speed_to_waking_in_the_measure_that_others_run() {
        CpuContention half = new CpuContention(2, new CpuSpread(0.5, 1));
        MigrationCosts lab = MigrationCosts.LAB;

        assertThat(half.busy(0.5)).isCloseTo(0.5, within(1e-12));
        assertThat(half.busy(4)).isEqualTo(1);
        assertThat(half.kept(0.5, lab)).isCloseTo(1 - lab.wakeLoss() / 2, within(1e-12));
    }

    @Test
    void the_source_s_load_is_counted_without_the_vm_s() {
        HostProfile source = host("h1", 2.5, 5); // the VM, which takes half a core, and four like it
        HostProfile destination = host("h2", 2.5, 5);
        MigrationCase migration = new MigrationCase(
                Vms.small(),
                source,
                destination,
                LinkProfile.between(source, destination, 0),
                MigrationTuning.forVm(Vms.small()));

        CpuSpread onSource =
                CpuContention.onSource(migration, MigrationCosts.LAB).others();
        CpuSpread onDestination =
                CpuContention.onDestination(migration, MigrationCosts.LAB).others();

        assertThat(onSource.cores()).isCloseTo(2, within(1e-9));
        assertThat(onSource.threads()).isCloseTo(4, within(1e-9));
        assertThat(onDestination).isEqualTo(new CpuSpread(2.5, 5));
    }

    private static HostProfile host(String name, double busyCores, double threads) {
        return new HostProfile(
                name, 4, busyCores / 4, MemorySize.parse("16G"), 0, Bandwidth.ofMegabits(1000), Traffic.NONE, threads);
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
