package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Vms;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import org.junit.jupiter.api.Test;

/** QEMU's auto-converge (migration/ram.c, {@code migration_trigger_throttle}). */
class CpuThrottleTest {

    private static final double HALF_A_MEGABYTE = 0.5e6;

    private final CpuThrottle throttle = new CpuThrottle(MigrationTuning.DEFAULT, Vms.writing(256, 64, 64, 60, false));

    @Test
    void two_periods_with_more_than_half_dirtied_again_start_it_at_20_percent() {
        boolean first = throttle.synced(1.1, 200, HALF_A_MEGABYTE);
        boolean second = throttle.synced(1.1, 200, HALF_A_MEGABYTE);

        assertThat(first).isFalse();
        assertThat(second).isTrue();
        assertThat(throttle.share()).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void each_further_pair_adds_10_percent_up_to_99() {
        for (int i = 0; i < 4; i++) {
            throttle.synced(1.1, 200, HALF_A_MEGABYTE);
        }
        assertThat(throttle.share()).isCloseTo(0.3, within(1e-12));
        for (int i = 0; i < 40; i++) {
            throttle.synced(1.1, 200, HALF_A_MEGABYTE);
        }
        assertThat(throttle.share()).isCloseTo(0.99, within(1e-12));
        assertThat(throttle.exhausted()).isTrue();
    }

    @Test
    void syncs_within_a_second_are_counted_together() {
        for (int i = 0; i < 20; i++) {
            throttle.synced(0.1, 20, HALF_A_MEGABYTE / 10);
        }
        assertThat(throttle.share()).isZero();
        assertThat(throttle.synced(0.3, 20, HALF_A_MEGABYTE / 10)).isTrue();
    }

    @Test
    void less_than_half_dirtied_again_never_starts_it() {
        for (int i = 0; i < 20; i++) {
            // 60 pages are 245,760 B of 500,000 B sent.
            throttle.synced(1.1, 60, HALF_A_MEGABYTE);
        }
        assertThat(throttle.share()).isZero();
    }

    @Test
    void only_the_techniques_that_throttle_slow_the_guest_and_a_dirty_limit_bounds_what_it_writes() {
        assertThat(throttle.written(Technique.DIRTY_LIMIT, 1e6, 1)).isEqualTo(1e6);
        throttle.synced(1.1, 200, HALF_A_MEGABYTE);
        throttle.synced(1.1, 200, HALF_A_MEGABYTE);

        assertThat(throttle.slowdown(Technique.PRE_COPY)).isZero();
        assertThat(throttle.slowdown(Technique.AUTO_CONVERGE)).isCloseTo(0.2, within(1e-12));
        // 1 MB/s of the 60 MiB/s that it would write
        assertThat(throttle.slowdown(Technique.DIRTY_LIMIT)).isBetween(0.9, 0.99);
        assertThat(throttle.written(Technique.DIRTY_LIMIT, 1e6, 2)).isCloseTo(2e6 / 4096, within(1e-6));
        assertThat(throttle.written(Technique.PRE_COPY, 1e6, 2)).isEqualTo(1e6);
    }
}
