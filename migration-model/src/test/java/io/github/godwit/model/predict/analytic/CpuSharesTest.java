package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.CpuSpread;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How the cores of a full host are dealt out: by weight, and what one does not want goes to the others. */
class CpuSharesTest {

    /** One core, and another VM's thread that wants 0.8 of it. */
    private static final CpuContention FULL = new CpuContention(1, new CpuSpread(0.8, 1), CpuContention.BUSY);

    private static final double OTHERS = CpuContention.SLEEPER;

    @Test
    void where_all_want_more_than_their_share_the_level_is_the_cores_over_all_weights() {
        // two threads of the migration, a vCPU of the VM, a thread of the others
        assertThat(FULL.level(2, 2, 0.9, 1)).isCloseTo(1 / (2 * 1.8 + 1 + OTHERS), within(1e-12));
    }

    @Test
    void who_wants_less_gets_it_and_what_is_left_is_shared_by_the_rest() {
        assertThat(FULL.level(2, 2, 0.05, 1))
                .as("the VM wants a twentieth")
                .isCloseTo(0.95 / (2 * 1.8 + OTHERS), within(1e-12));
        assertThat(FULL.level(0.1, 2, 0.9, 1))
                .as("the migration wants a tenth")
                .isCloseTo(0.9 / (1 + OTHERS), within(1e-12));
        CpuContention calm = new CpuContention(1, new CpuSpread(0.3, 1), CpuContention.BUSY);
        assertThat(calm.level(2, 2, 0.9, 1)).as("the others want 0.3").isCloseTo(0.7 / (2 * 1.8 + 1), within(1e-12));
        assertThat(calm.level(2, 2, 0.1, 1)).as("and the VM 0.1").isCloseTo(0.6 / (2 * 1.8), within(1e-12));
    }

    @Test
    void what_just_fits_leaves_room_for_all() {
        CpuContention empty = new CpuContention(1, CpuSpread.NONE, 1);

        assertThat(empty.level(1, 1, 0, 0)).as("the migration alone").isInfinite();
        assertThat(empty.level(0, 0, 1, 1)).as("the VM alone").isInfinite();
        assertThat(new CpuContention(1, new CpuSpread(1, 1), 1).level(0, 0, 0, 0))
                .as("the others alone")
                .isInfinite();
        assertThat(empty.level(1.01, 1, 0, 0)).isEqualTo(1);
    }

    @Test
    void the_migration_gets_its_weight_times_the_level_on_each_thread_but_no_more_than_a_core() {
        assertThat(FULL.granted(2, 2, 0.1)).isCloseTo(2 * 1.8 * 0.1, within(1e-12));
        assertThat(FULL.granted(3, 2, 5)).isEqualTo(2);
        assertThat(FULL.granted(0.2, 2, 0.1)).isEqualTo(0.2);
        assertThat(FULL.granted(2, 2)).isCloseTo(2 * 1.8 / (2 * 1.8 + OTHERS), within(1e-12));
    }

    @Test
    void traffic_takes_cores_of_the_kernel_both_ways() {
        // 400 and 800 Mbit/s are 150 MB/s; at 40.96 µs for 4 KiB that is 1.5 of 4 cores.
        MigrationCase busy = between(Bandwidth.ofMegabits(400), Bandwidth.ofMegabits(800));
        MigrationCosts costs = ByHand.costs(Map.of("trafficSecondsPerPage", 40.96e-6));

        assertThat(CpuContention.onSource(busy, costs).cores()).isCloseTo(2.5, within(1e-9));
        assertThat(CpuContention.onDestination(busy, costs).cores()).isCloseTo(2.5, within(1e-9));
        assertThat(CpuContention.onSource(busy, costs).weight()).isEqualTo(CpuContention.BUSY);
        assertThat(CpuContention.onDestination(busy, costs).weight()).isEqualTo(CpuContention.SLEEPER);
    }

    @Test
    void something_of_a_core_is_left_whatever_the_traffic() {
        MigrationCase busy = between(Bandwidth.ofMegabits(4_000), Bandwidth.ofMegabits(8_000));

        assertThat(CpuContention.onSource(busy, ByHand.costs(Map.of("trafficSecondsPerPage", 40.96e-6)))
                        .cores())
                .isEqualTo(0.05);
    }

    private static MigrationCase between(Bandwidth in, Bandwidth out) {
        VmProfile vm = ByHand.vm(256, 64);
        return ByHand.between(vm, host("h1", in, out), host("h2", in, out), 0);
    }

    private static HostProfile host(String name, Bandwidth in, Bandwidth out) {
        return new HostProfile(
                name, 4, 0, MemorySize.parse("64G"), 0, Bandwidth.ofMegabits(10_000), new Traffic(in, out), 0);
    }

    @Test
    void no_more_is_given_out_than_there_is_and_nothing_is_left_while_someone_wants_more() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            double cores = 0.5 + 4 * random.nextDouble();
            double others = 4 * random.nextDouble();
            double threads = Math.ceil(others) + random.nextInt(6);
            int channels = 1 + random.nextInt(4);
            double migration = channels * random.nextDouble();
            int vcpus = 1 + random.nextInt(4);
            double vm = vcpus * random.nextDouble();
            CpuContention host = new CpuContention(cores, new CpuSpread(others, threads), CpuContention.BUSY);

            double level = host.level(migration, channels, vm, vcpus);

            double given = Math.min(migration, CpuContention.BUSY * channels * level)
                    + Math.min(vm, vcpus * level)
                    + Math.min(others, CpuContention.SLEEPER * threads * level);
            double wanted = migration + vm + others;
            assertThat(given)
                    .as("%.3f wanted of %.3f cores", wanted, cores)
                    .isCloseTo(Math.min(cores, wanted), within(1e-9));
        }
    }
}
