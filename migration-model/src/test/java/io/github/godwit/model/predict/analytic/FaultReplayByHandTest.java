package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The faults of small memories, one by one. A page takes 10 ms. Where a fault falls in its region is drawn from the
 * fractions of the golden section: 0.618, 0.236, 0.854, 0.472; and whether it is one of the hot pages from those of the
 * silver one: 0.414, 0.828, 0.243.
 */
class FaultReplayByHandTest {

    private static final double PAGE = 0.01;

    private final FaultReplay replay = new FaultReplay();

    private static WriteLocality writing(double hot, double hotRate, double cold, double coldRate) {
        return new WriteLocality(hot, hotRate, cold, coldRate, 0);
    }

    @Test
    void each_fault_brings_the_pages_behind_it_and_the_stream_goes_on_from_there() {
        // 4 hot pages that are touched 100 times a second, and 6 others.
        // After 10 ms the first page is there, and one of 3 is touched, 0.618 · 3 = 1.854 from the end. In 20 ms these
        // come, and 0.146
        // others; 1.146 hot ones are missing, touched 28.65 times a second. After 35 ms another is: it comes, and one
        // other.
        // 0.146 are left, less than half a page, which counts as none: two waits in all.
        replay.begin(4, 0, 6, 0, PAGE, 0);
        replay.setWait(0.02, 0, 0);

        assertThat(replay.run(writing(4, 100, 0, 0), 1)).isCloseTo(1 - 2 * 0.02, within(1e-12));
    }

    @Test
    void hot_and_cold_pages_are_touched_as_often_as_they_are_missing_and_written() {
        // 2 hot pages, 50 times a second, and 6 cold ones, 30 times: after 12.5 ms three quarters of a hot page are
        // left. Of the 80
        // in a second 0.414 are 33.1, less than 50, so that it is a hot one: what is left of it comes in 15 ms, and
        // 0.75 of a cold one.
        // 5.25 cold ones are touched 26.25 times a second: after 38.1 ms, when 1.44 are left, one of them is waited
        // for. The last 0.44
        // are touched 2.2 times a second, less than once in the 0.419 s that are left.
        replay.begin(2, 6, 4, 0, PAGE, 0);
        replay.setWait(0.015, 0, 0);

        assertThat(replay.run(writing(2, 50, 6, 30), 0.5)).isCloseTo(0.5 - 2 * 0.015, within(1e-12));
    }

    @Test
    void which_region_a_fault_falls_in_follows_from_both_rates_and_the_draw() {
        // 6 hot pages, 10 times a second, 8 cold ones, 40 times, and 10 others: 240 ms in all. After 20 ms two hot ones
        // are there;
        // 0.414 of 50 are 20.7, more than 10: a cold one, and 35 ms bring 3.5 of them. Of 6.7 and 22.5 a second 0.828
        // are 24.2: a cold
        // one again, after 34 ms, in which 1.4 came. Of 6.7 and 10.3 a second 0.243 are 4.1: after 59 ms a hot one, of
        // which 3.6 are
        // left. It comes with those behind it, and in the 22 ms that are left half a page is not touched again.
        replay.begin(6, 8, 10, 0, PAGE, 0);
        replay.setWait(0.035, 0, 0);

        assertThat(replay.run(writing(6, 10, 8, 40), 0.24)).isCloseTo(0.24 - 3 * 0.035, within(1e-9));
    }

    @Test
    void it_ends_with_the_time_that_there_is() {
        // 8 cold pages, 100 times a second. 10 ms, a wait of 30 ms that brings 3 of the other 7; 20 ms in which 1.3
        // more come
        // and 0.7 others; a wait of 30 ms; 10 ms are left.
        replay.begin(0, 8, 2, 0, PAGE, 0);
        replay.setWait(0.03, 0, 0);

        assertThat(replay.run(writing(0, 0, 8, 100), 0.1)).isCloseTo(0.01 + 0.02 + 0.01, within(1e-12));
    }

    @Test
    void a_fault_among_zero_pages_waits_for_those_in_flight_the_more_the_longer_they_have_come() {
        // 40 hot pages, 100 times a second, and zero pages of 1 ms. After 10 ms a page is touched of which 24.1 are
        // behind: in 260 ms they
        // come and 19 zero pages. 14.9 are left, touched once in 26.9 ms. Then zero pages have come for 18.97 + 26.85
        // ms, and
        // at 2 s of backlog for each second 91.6 ms more are waited; 3.5 pages come and zero pages for 316.5 ms. After
        // 35.1 ms the
        // third fault waits for 703.2 ms more, which is to the end.
        replay.begin(40, 0, 0, 1_000, PAGE, 1e-3);
        replay.setWait(0.26, 1, 2);

        double untilSecond = 1 / (100 * 14.8967 / 40);
        double untilThird = 1 / (100 * 11.3803 / 40);
        assertThat(replay.run(writing(40, 100, 0, 0), 1.4)).isCloseTo(0.01 + untilSecond + untilThird, within(1e-5));
    }

    @Test
    void the_backlog_is_bounded_by_what_can_be_in_flight() {
        // The same, but 30 ms at most: the second, third and fourth fault each wait for 290 ms, and the fourth comes
        // after 241 ms
        // more.
        replay.begin(40, 0, 0, 1_000, PAGE, 1e-3);
        replay.setWait(0.26, 0.03, 2);

        double untilSecond = 1 / (100 * 14.8967 / 40);
        double untilThird = 1 / (100 * 11.3803 / 40);
        double untilFourth = 1 / (100 * 1.66 / 40);
        assertThat(replay.run(writing(40, 100, 0, 0), 1.4))
                .isCloseTo(0.01 + untilSecond + untilThird + untilFourth, within(1e-3));
    }

    @Test
    void a_page_that_is_touched_once_in_the_time_that_there_is_is_waited_for_and_one_less_often_is_not() {
        replay.begin(10, 0, 100, 0, PAGE, 0);
        replay.setWait(0.5, 0, 0);
        assertThat(replay.run(writing(10, 0.9, 0, 0), 1)).isCloseTo(1, within(1e-12));

        // 20 times a second: after 50 ms five pages are left.
        replay.begin(10, 0, 100, 0, PAGE, 0);
        replay.setWait(0.5, 0, 0);
        assertThat(replay.run(writing(10, 20, 0, 0), 1)).isLessThan(1 - 0.5 + 1e-9);
    }

    @Test
    void the_next_replay_knows_nothing_of_the_one_before() {
        replay.begin(40, 7, 5, 1_000, PAGE, 1e-3);
        replay.setWait(0.26, 1, 2);
        replay.run(writing(40, 100, 7, 20), 0.7);
        each_fault_brings_the_pages_behind_it_and_the_stream_goes_on_from_there();
    }

    @Test
    void a_guest_gets_no_more_done_than_there_is_time_for() {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            double hot = random.nextInt(50);
            double cold = random.nextInt(50);
            double other = random.nextInt(50);
            double span = PAGE * (hot + cold + other) + 0.01;
            double wait = 0.001 + 0.02 * random.nextDouble();
            replay.begin(hot, cold, other, 0, PAGE, 0);
            replay.setWait(wait, 0, 0);

            double guest = replay.run(writing(hot, 300 * random.nextDouble(), cold, 100 * random.nextDouble()), span);

            assertThat(guest).isBetween(0.0, span + 1e-9);
            replay.begin(hot, cold, other, 0, PAGE, 0);
            replay.setWait(0, 0, 0);
            assertThat(replay.run(writing(hot, 100, cold, 100), span))
                    .as("without waits it loses nothing")
                    .isCloseTo(span, within(1e-9));
        }
    }
}
