package io.github.godwit.model.predict.analytic;

import static io.github.godwit.model.predict.analytic.ByHand.ALL_BYTES;
import static io.github.godwit.model.predict.analytic.ByHand.ALL_SECONDS;
import static io.github.godwit.model.predict.analytic.ByHand.LINK_BYTES;
import static io.github.godwit.model.predict.analytic.ByHand.PAGES;
import static io.github.godwit.model.predict.analytic.ByHand.PLAIN_BYTES;
import static io.github.godwit.model.predict.analytic.ByHand.costs;
import static io.github.godwit.model.predict.analytic.ByHand.levelAt;
import static io.github.godwit.model.predict.analytic.ByHand.limited;
import static io.github.godwit.model.predict.analytic.ByHand.vm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.DirtyCurve.Point;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.Technique;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Pre-copy that does not end, or not in time, worked out by hand: of the VM of {@link ByHand#PAGES} over a link of 125
 * MB/s.
 */
class PreCopyTimeLimitTest {

    private static final MigrationCosts FREE = costs(Map.of());

    private final SimulatedOutcome outcome = new SimulatedOutcome();

    private void run(MigrationCase migration, MigrationCosts costs, Technique technique) {
        new PreCopySimulation(migration, costs, outcome).run(technique);
    }

    /** 10,000 pages over and over, of which nothing may wait for the switchover: rounds of 0.328 s without end. */
    @Test
    void a_vm_that_writes_the_same_again_in_each_round_goes_in_circles_until_the_time_limit() {
        MigrationCosts costs = costs(Map.of(
                "setupSeconds", 0.02, "sendSecondsPerPage", 1e-6, "faultSecondsPerPage", 5e-6, "baseMemoryBytes", 1e6));

        run(limited(vm(256, 64, levelAt(10_000)), 0), costs, Technique.PRE_COPY);

        double round = 10_000 * PLAIN_BYTES / LINK_BYTES;
        double rounds = (300 - 0.02 - ALL_SECONDS) / round;
        assertThat(outcome.converges).isFalse();
        assertThat(outcome.seconds).isCloseTo(300, within(1e-9));
        assertThat(outcome.secondsOnSource).isCloseTo(300, within(1e-9));
        assertThat(outcome.guestSeconds).isCloseTo(300, within(1e-9));
        assertThat(outcome.wireBytes).isCloseTo((300 - 0.02) * LINK_BYTES, within(1.0));
        assertThat(outcome.cpuSeconds).isCloseTo((PAGES + rounds * 10_000) * 1e-6, within(1e-6));
        assertThat(outcome.faultSeconds).isCloseTo((1 + rounds) * 10_000 * 5e-6, within(1e-6));
        assertThat(outcome.downtimeSeconds).as("had it been stopped").isCloseTo(round, within(1e-9));
        assertThat(outcome.memoryBytes).isEqualTo(1e6);
    }

    @Test
    void syncs_take_their_time_from_every_round() {
        run(limited(vm(256, 64, levelAt(10_000)), 0), costs(Map.of("syncSecondsPerPage", 1e-6)), Technique.PRE_COPY);

        double sync = 65_536 * 1e-6;
        double round = 10_000 * PLAIN_BYTES / LINK_BYTES;
        double rounds = (300 - ALL_SECONDS - sync) / (round + sync);
        assertThat(outcome.wireBytes).isCloseTo(ALL_BYTES + rounds * 10_000 * PLAIN_BYTES, within(1.0));
    }

    /**
     * 64 MiB without zero pages: round k sends ρ^k of 16,384 pages where the VM writes ρ of what the link takes, and
     * all together 1/(1 − ρ) times the memory.
     */
    private static VmProfile shrinking(double rho) {
        return vm(64, 64, new Point(1, rho * LINK_BYTES / PLAIN_BYTES));
    }

    private static final double MEMORY_SECONDS = PAGES * PLAIN_BYTES / LINK_BYTES;

    @Test
    void rounds_that_shrink_by_half_a_percent_add_up_to_200_times_the_memory() {
        run(limited(shrinking(0.995), 0), FREE, Technique.PRE_COPY);

        assertThat(outcome.converges).isTrue();
        assertThat(outcome.seconds).isCloseTo(MEMORY_SECONDS / (1 - 0.995), within(1e-4));
        assertThat(outcome.wireBytes).isCloseTo(200 * PAGES * PLAIN_BYTES, within(200.0 * PLAIN_BYTES));
        assertThat(outcome.guestSeconds).isCloseTo(outcome.seconds, within(1e-6));
    }

    @Test
    void the_time_limit_cuts_them_off() {
        run(limited(shrinking(0.995), 0, Duration.ofSeconds(60)), FREE, Technique.PRE_COPY);

        assertThat(outcome.converges).isFalse();
        assertThat(outcome.seconds).isCloseTo(60, within(1e-9));
        assertThat(outcome.wireBytes).isCloseTo(60 * LINK_BYTES, within(1.0));
        assertThat(outcome.guestSeconds).isCloseTo(60, within(1e-9));
    }

    @Test
    void rounds_that_shrink_by_a_thousandth_count_as_going_in_circles() {
        // They would add up to 0.54 s / 0.001 = 9 minutes.
        run(limited(shrinking(0.999), 0, Duration.ofHours(1)), FREE, Technique.PRE_COPY);

        assertThat(outcome.converges).isFalse();
        assertThat(outcome.seconds).isCloseTo(3_600, within(1e-9));
        // It is seen after the fourth of them, when ρ to the fifth of the memory is dirty.
        assertThat(outcome.downtimeSeconds).isCloseTo(Math.pow(0.999, 5) * MEMORY_SECONDS, within(1e-6));
    }

    @Test
    void a_first_round_that_is_longer_than_the_time_limit_is_cut_off_as_well() {
        run(
                limited(vm(256, 64), 300, Duration.ofMillis(300)),
                costs(Map.of("sendSecondsPerPage", 1e-6)),
                Technique.PRE_COPY);

        double share = 0.3 / ALL_SECONDS;
        assertThat(outcome.converges).isFalse();
        assertThat(outcome.seconds).isCloseTo(0.3, within(1e-9));
        assertThat(outcome.wireBytes).isCloseTo(0.3 * LINK_BYTES, within(1.0));
        assertThat(outcome.guestSeconds).isCloseTo(0.3, within(1e-9));
        assertThat(outcome.cpuSeconds).isCloseTo(share * PAGES * 1e-6, within(1e-9));
    }

    /**
     * 10,000 pages that are written at once whatever the throttle. A period ends with the third round (0.54 + 2 · 0.33
     * s) and then with every fourth; every second one is a step. So the throttle is 20 % after round 7, 10 % more every
     * 8 rounds, and 99 % after round 71.
     */
    @Test
    void auto_converge_goes_on_until_no_step_is_left_before_it_counts_as_going_in_circles() {
        Point[] atOnce = {new Point(1e-5, 10_000), new Point(1, 10_000)};

        run(limited(vm(256, 64, atOnce), 0), FREE, Technique.AUTO_CONVERGE);

        double round = 10_000 * PLAIN_BYTES / LINK_BYTES;
        double kept = ALL_SECONDS + 6 * round;
        for (int percent = 20; percent <= 90; percent += 10) {
            kept += 8 * round * (100 - percent) / 100;
        }
        kept += (300 - ALL_SECONDS - 70 * round) * 0.01;
        assertThat(outcome.converges).isFalse();
        assertThat(outcome.guestSeconds).isCloseTo(kept, within(1e-6));
    }
}
