package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FaultReplayTest {

    private static final double PER_PAGE = 1e-4;
    private static final double SPAN = 1; // 10,000 pages

    private final FaultReplay replay = new FaultReplay();

    @Test
    void a_vm_that_touches_nothing_that_is_missing_is_not_held_up() {
        replay.begin(0, 0, 10_000, 0, PER_PAGE, 0);
        replay.setWait(0.05, 0, 0);

        assertThat(replay.run(new WriteLocality(0, 0, 0, 0, 0), SPAN)).isCloseTo(SPAN, within(1e-9));
    }

    @Test
    void a_vm_that_writes_everywhere_stands_until_all_has_come() {
        replay.begin(10_000, 0, 0, 0, PER_PAGE, 0);
        replay.setWait(0.01, 0, 0);

        assertThat(replay.run(new WriteLocality(10_000, 1e6, 0, 0, 0), SPAN)).isLessThan(0.05);
    }

    @Test
    void what_is_written_comes_before_the_rest_since_the_stream_follows_what_is_asked_for() {
        replay.begin(1_000, 0, 9_000, 0, PER_PAGE, 0);
        replay.setWait(0.01, 0, 0);

        assertThat(replay.run(new WriteLocality(1_000, 1e6, 0, 0, 0), SPAN)).isBetween(0.75, 0.95);
    }

    @Test
    void few_writes_wait_less_than_many_and_short_waits_less_than_long() {
        assertThat(guest(100, 0.01)).isGreaterThan(guest(10_000, 0.01));
        assertThat(guest(1_000, 0.001)).isGreaterThan(guest(1_000, 0.05));
    }

    private double guest(double coldRate, double wait) {
        replay.begin(0, 8_000, 2_000, 0, PER_PAGE, 0);
        replay.setWait(wait, 0, 0);
        return replay.run(new WriteLocality(0, 0, 8_000, coldRate, 0), SPAN);
    }

    @Test
    void zero_pages_in_flight_hold_up_whoever_asks_for_a_page() {
        WriteLocality written = new WriteLocality(2_000, 1e5, 0, 0, 0);
        replay.begin(2_000, 0, 0, 800_000, PER_PAGE, 1e-6);
        replay.setWait(0.005, 0, 0);
        double none = replay.run(written, 0.2 + 0.8);

        replay.begin(2_000, 0, 0, 800_000, PER_PAGE, 1e-6);
        replay.setWait(0.005, 0.1, 4);
        double many = replay.run(written, 0.2 + 0.8);

        assertThat(none).isCloseTo(0.78, within(0.05));
        assertThat(many).isLessThan(none - 0.1).isPositive();
    }

    @Test
    void it_is_the_same_every_time() {
        assertThat(guest(3_000, 0.02)).isEqualTo(guest(3_000, 0.02));
    }
}
