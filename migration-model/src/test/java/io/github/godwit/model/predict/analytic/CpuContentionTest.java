package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.CpuSpread;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import org.junit.jupiter.api.Test;

class CpuContentionTest {

    private static final CpuContention ROOMY = new CpuContention(8, new CpuSpread(2, 2), CpuContention.BUSY);
    private static final CpuContention FULL = new CpuContention(1, new CpuSpread(0.8, 1), CpuContention.BUSY);

    @Test
    void on_a_host_with_room_everyone_gets_what_it_wants() {
        double level = ROOMY.level(2, 2, 0.7, 1);

        assertThat(ROOMY.granted(2, 2)).isEqualTo(2);
        assertThat(level).isInfinite();
        assertThat(CpuContention.pace(0.7, level)).isEqualTo(1);
    }

    @Test
    void on_a_full_host_the_cores_are_all_given_out_by_weight() {
        double level = FULL.level(2, 2, 0.9, 1);
        double migration = FULL.granted(2, 2, level);
        double others = FULL.cores() - migration - level;

        assertThat(level).isBetween(0.0, 0.25);
        assertThat(migration / 2)
                .as("a thread of the migration gets more than a vCPU")
                .isGreaterThan(level);
        assertThat(others)
                .as("what another VM's thread gets, which has slept, is more still")
                .isGreaterThan(migration / 2)
                .isLessThanOrEqualTo(0.8);
    }

    @Test
    void what_one_does_not_want_the_others_share() {
        CpuContention half = new CpuContention(1, new CpuSpread(0.2, 1), CpuContention.BUSY);

        // the migration takes a tenth and the other VM its fifth, the vCPU all that is left
        assertThat(half.level(0.1, 1, 0.9, 1)).isCloseTo(0.7, within(1e-12));
        assertThat(half.granted(0.1, 1)).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void one_busy_vm_gives_way_and_many_that_want_little_do_not() {
        CpuContention one = new CpuContention(1, new CpuSpread(0.9, 1), CpuContention.BUSY);
        CpuContention many = new CpuContention(1, new CpuSpread(0.9, 9), CpuContention.BUSY);

        assertThat(many.level(1, 1, 1, 1)).isLessThan(one.level(1, 1, 1, 1));
    }

    @Test
    void a_vcpu_feels_the_level_before_it_reaches_it() {
        assertThat(CpuContention.pace(0.1, 1)).isBetween(0.99, 1.0);
        assertThat(CpuContention.pace(0.8, 1)).isBetween(0.9, 0.99);
        assertThat(CpuContention.pace(0.8, 0.2)).isLessThan(CpuContention.pace(0.8, 0.4));
    }

    @Test
    void a_vm_loses_speed_to_waking_in_the_measure_that_others_run_and_it_does_itself() {
        CpuContention half = new CpuContention(2, new CpuSpread(0.5, 1), CpuContention.BUSY);
        MigrationCosts lab = MigrationCosts.LAB;

        assertThat(half.busy(0.5)).isCloseTo(0.5, within(1e-12));
        assertThat(half.busy(4)).isEqualTo(1);
        assertThat(half.kept(0.5, 1, lab)).isCloseTo(1 - lab.wakeLoss() / 2, within(1e-12));
        assertThat(half.kept(0.5, 0.5, lab)).isCloseTo(1 - lab.wakeLoss() / 4, within(1e-12));
        assertThat(half.kept(0.5, 0, lab)).isEqualTo(1);
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

        double wanted = pace.demand(1, 0);
        double room = ROOMY.level(0, 0, wanted, 1);

        assertThat(pace.speed(1, 0, ROOMY, room, 0)).isBetween(0.8, 1.0);
        assertThat(pace.speed(1, 0.4, ROOMY, room, 0)).isBetween(0.5, 0.6);
        assertThat(pace.speed(1, 0, FULL, wanted / 4, 1)).isLessThan(0.5);
    }
}
