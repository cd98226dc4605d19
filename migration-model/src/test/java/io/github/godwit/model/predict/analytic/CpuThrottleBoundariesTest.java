package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where exactly QEMU's auto-converge begins, grows and ends (migration/ram.c, {@code migration_trigger_throttle}). */
class CpuThrottleBoundariesTest {

    /** Half of it is 100 pages of 4,096 B. */
    private static final double SENT_BYTES = 819_200;

    /** Two vCPUs that write 2,000 pages/s. */
    private final CpuThrottle throttle =
            new CpuThrottle(MigrationTuning.DEFAULT, ByHand.vm(256, 64, 2, 0, 0, ByHand.rising(2_000)));

    @Test
    void a_sync_after_just_a_second_is_not_yet_a_decision() {
        assertThat(throttle.synced(1, 200, SENT_BYTES)).isFalse();
        assertThat(throttle.synced(1, 200, SENT_BYTES))
                .as("after 2 s: the first")
                .isFalse();
        assertThat(throttle.synced(1, 200, SENT_BYTES)).as("1 s later").isFalse();
        assertThat(throttle.synced(1, 200, SENT_BYTES))
                .as("2 s later: the second")
                .isTrue();
    }

    @Test
    void just_half_dirtied_again_is_not_too_much_and_a_page_more_is() {
        for (int i = 0; i < 10; i++) {
            assertThat(throttle.synced(1.5, 100, SENT_BYTES)).isFalse();
        }
        assertThat(throttle.synced(1.5, 101, SENT_BYTES)).isFalse();
        assertThat(throttle.synced(1.5, 101, SENT_BYTES)).isTrue();
    }

    @Test
    void a_quiet_period_in_between_does_not_take_back_the_first_trigger() {
        assertThat(throttle.synced(1.5, 200, SENT_BYTES)).isFalse();
        assertThat(throttle.synced(1.5, 0, SENT_BYTES)).isFalse();
        assertThat(throttle.synced(1.5, 200, SENT_BYTES)).isTrue();
    }

    @Test
    void each_period_is_judged_by_what_was_dirtied_and_sent_in_it_alone() {
        // 99 of every 200 pages are dirtied again: what went before must not add up to more than half.
        for (int i = 0; i < 6; i++) {
            assertThat(throttle.synced(0.6, 99, SENT_BYTES)).isFalse();
        }
        // Had the 594 pages and the 4.9 MB before been kept, these would not have been too much.
        assertThat(throttle.synced(1.5, 300, SENT_BYTES)).isFalse();
        assertThat(throttle.synced(1.5, 300, SENT_BYTES)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void auto_converge_and_dirty_limit_slow_the_guest_and_nothing_else_does(Technique technique) {
        step();
        boolean slows =
                EnumSet.of(Technique.AUTO_CONVERGE, Technique.DIRTY_LIMIT).contains(technique);

        assertThat(CpuThrottle.slows(technique)).isEqualTo(slows);
        assertThat(throttle.slowdown(technique) > 0).isEqualTo(slows);
    }

    @Test
    void the_dirty_limit_is_for_each_vcpu() {
        step();

        // 1 MB/s for each of 2 vCPUs: 2e6 / 4,096 = 488.28 pages/s of the 2,000 that they would write.
        assertThat(throttle.slowdown(Technique.DIRTY_LIMIT)).isCloseTo(1 - 488.28125 / 2_000, within(1e-12));
        assertThat(throttle.written(Technique.DIRTY_LIMIT, 6_000, 3)).isCloseTo(3 * 488.28125, within(1e-9));
        assertThat(throttle.written(Technique.DIRTY_LIMIT, 1_000, 3)).isEqualTo(1_000);
    }

    @Test
    void a_vm_that_keeps_to_the_dirty_limit_is_not_slowed() {
        CpuThrottle calm = new CpuThrottle(MigrationTuning.DEFAULT, ByHand.vm(256, 64, 2, 0, 0, ByHand.rising(480)));
        calm.synced(1.5, 200, SENT_BYTES);
        calm.synced(1.5, 200, SENT_BYTES);

        assertThat(calm.slowdown(Technique.DIRTY_LIMIT)).isZero();
        assertThat(calm.slowdown(Technique.AUTO_CONVERGE)).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void it_is_exhausted_when_no_step_would_change_it_and_not_before() {
        assertThat(throttle.exhausted()).isFalse();
        for (int step = 1; step <= 8; step++) {
            step();
            assertThat(throttle.share()).isCloseTo(0.1 + 0.1 * step, within(1e-12));
            assertThat(throttle.exhausted()).as("%d steps", step).isFalse();
        }
        step(); // 20 + 8 · 10 = 100 percent, at most 99
        assertThat(throttle.share()).isEqualTo(0.99);
        assertThat(throttle.exhausted()).isTrue();
    }

    @Test
    void it_forgets_all_for_the_next_technique() {
        step();
        throttle.synced(1.5, 200, SENT_BYTES);
        throttle.synced(0.9, 200, SENT_BYTES);
        throttle.clear();

        assertThat(throttle.share()).isZero();
        assertThat(throttle.synced(0.9, 0, SENT_BYTES)).isFalse();
        assertThat(throttle.synced(0.9, 200, SENT_BYTES))
                .as("200 of 400 pages are just half")
                .isFalse();
        assertThat(throttle.synced(1.5, 200, SENT_BYTES)).isFalse();
        assertThat(throttle.synced(1.5, 200, SENT_BYTES)).isTrue();
    }

    private void step() {
        throttle.synced(1.5, 200, SENT_BYTES);
        throttle.synced(1.5, 200, SENT_BYTES);
    }
}
