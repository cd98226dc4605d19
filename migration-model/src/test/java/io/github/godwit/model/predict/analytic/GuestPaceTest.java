package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.profile.CpuSpread;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two vCPUs that use 1.2 cores and write 1,000 pages/s, on a host of 8 cores. */
class GuestPaceTest {

    private static final CpuContention ALONE = new CpuContention(8, CpuSpread.NONE, CpuContention.BUSY);
    private static final double ROOM_FOR_ALL = Double.POSITIVE_INFINITY;

    /** A fault of 100 µs for each page: 0.1 s in each second, half of it on each vCPU. */
    private final GuestPace easy = pace(Map.of("faultSecondsPerPage", 100e-6));

    /** 1 ms: half a second for each vCPU, which then would be busy for 1.1 s in each. */
    private final GuestPace hard = pace(Map.of("faultSecondsPerPage", 1e-3));

    private static GuestPace pace(Map<String, Double> costs) {
        return new GuestPace(ByHand.vm(256, 64, 2, 1.2, 0, ByHand.rising(1_000)), ByHand.costs(costs));
    }

    @Test
    void the_guest_wants_what_it_uses_and_the_faults_as_far_as_its_vcpus_go() {
        assertThat(easy.demand(2, 0)).as("2 · (0.6 + 0.05)").isCloseTo(1.3, within(1e-12));
        assertThat(easy.demand(2, 0.25))
                .as("of which a throttle takes its share")
                .isCloseTo(0.975, within(1e-12));
        assertThat(hard.demand(2, 0)).as("never more than its vCPUs").isEqualTo(2);
        assertThat(hard.demand(0, 0)).as("without faults where no time passes").isCloseTo(1.2, within(1e-12));
    }

    @Test
    void a_guest_whose_faults_fit_in_its_idle_time_keeps_its_speed() {
        assertThat(easy.speed(2, 0, ALONE, ROOM_FOR_ALL, 0)).isEqualTo(1);
        assertThat(easy.speed(2, 0.25, ALONE, ROOM_FOR_ALL, 0)).isEqualTo(0.75);
    }

    @Test
    void what_does_not_fit_slows_it() {
        assertThat(hard.speed(2, 0, ALONE, ROOM_FOR_ALL, 0)).isCloseTo(1 / 1.1, within(1e-12));
        assertThat(hard.speed(2, 0.25, ALONE, ROOM_FOR_ALL, 0)).isCloseTo(0.75 / 1.1, within(1e-12));
    }

    @Test
    void a_level_is_felt_by_what_a_vcpu_would_use_after_the_throttle() {
        // 0.65 of a core, and three quarters of that
        assertThat(easy.speed(2, 0, ALONE, 0.3, 0)).isCloseTo(CpuContention.pace(0.65, 0.3), within(1e-12));
        assertThat(easy.speed(2, 0.25, ALONE, 0.3, 0)).isCloseTo(0.75 * CpuContention.pace(0.4875, 0.3), within(1e-12));
        assertThat(hard.speed(2, 0, ALONE, 0.3, 0)).isCloseTo(CpuContention.pace(1, 0.3) / 1.1, within(1e-12));
    }

    @Test
    void it_loses_to_waking_beside_what_the_migration_takes() {
        GuestPace waking = pace(Map.of("wakeLoss", 0.4));

        // 2 of 8 cores are taken: 1 − 0.4 · 0.6 · 0.25
        assertThat(waking.speed(2, 0, ALONE, ROOM_FOR_ALL, 2)).isCloseTo(0.94, within(1e-12));
    }

    @Test
    void it_writes_what_its_curve_tells_of_its_own_time() {
        assertThat(easy.dirtied(2, 0.5)).isCloseTo(1_000, within(1e-9));
    }

    @Test
    void slower_hosts_and_stronger_throttles_never_make_it_faster() {
        double before = 1;
        for (double throttle = 0; throttle < 1; throttle += 0.01) {
            double speed = hard.speed(2, throttle, ALONE, 0.3, 1);
            assertThat(speed).isBetween(0.0, before);
            before = speed;
        }
        for (double level = 0.05; level < 2; level += 0.05) {
            assertThat(easy.speed(2, 0, ALONE, level, 1)).isLessThan(easy.speed(2, 0, ALONE, level + 0.05, 1));
        }
    }
}
