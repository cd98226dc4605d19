package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** QEMU looks every 50 ms, and knows a bandwidth from the first look on that is 100 ms after the command. */
class SwitchoverCheckTest {

    private static final double PAGES = 10_000;

    /** Of pages that take just their 4,096 bytes. */
    private static final double WIRE = PAGES * 4096;

    @Test
    void a_round_without_pages_or_without_time_or_that_ends_before_the_first_look_is_sent_whole() {
        assertThat(SwitchoverCheck.sentShare(0, 500, 0, 1, 0, 100)).isEqualTo(1);
        assertThat(SwitchoverCheck.sentShare(PAGES, 500, WIRE, 0, 0.2, 100)).isEqualTo(1);
        assertThat(SwitchoverCheck.sentShare(PAGES, 500, WIRE, 0.06, 0.03, 100)).isEqualTo(1);
    }

    @Test
    void it_ends_at_the_first_look_where_the_rest_is_less_than_fits() {
        // 30 ms of set-up and one round of 1 s. The first look is 100 ms into the round, when a tenth has gone: 9,000
        // pages and
        // 500 zero ones are left. A tenth of all in 130 ms are 1,000 / 0.13 = 7,692 pages/s, of which 9,600 take 1.248
        // s.
        assertThat(sentShare(500, 1, 0.03, limitFor(9_600))).isCloseTo(0.1, within(1e-12));
    }

    /** How long so many pages take at the rate that the first look finds. */
    private static double limitFor(double pages) {
        return pages / (1_000 / 0.13);
    }

    @Test
    void later_it_ends_with_the_iteration_in_which_the_rest_comes_to_fit() {
        // A round of 2 s sends 5,000 pages/s, of which 1,250 fit in 0.25 s: 500 zero ones and 750 others. So 9,250 have
        // to go,
        // which takes 1.85 s: 37 iterations, or 0.925 of the round.
        assertThat(sentShare(500, 2, 0, 0.25)).isCloseTo(0.925, within(1e-12));
        // With 480 zero pages, 770 others fit: 9,230 take 1.846 s, and the 37th iteration has to end.
        assertThat(sentShare(480, 2, 0, 0.25)).isCloseTo(0.925, within(1e-12));
        // With 520, 730 fit: 9,270 take 1.854 s, into the 38th.
        assertThat(sentShare(520, 2, 0, 0.25)).isCloseTo(0.95, within(1e-12));
    }

    @Test
    void where_the_zero_pages_alone_do_not_fit_all_others_are_sent() {
        assertThat(sentShare(1_300, 2, 0, 0.25)).isEqualTo(1);
    }

    @Test
    void set_up_time_leaves_fewer_iterations_before_the_first_look() {
        // All fits in 100 s. After 50 ms of set-up one iteration is left until 100 ms are over; after 60 ms one as
        // well,
        // after 49 ms two; after 200 ms it is the first one.
        assertThat(sentShare(0, 1, 0.05, 100)).isCloseTo(0.05, within(1e-12));
        assertThat(sentShare(0, 1, 0.06, 100)).isCloseTo(0.05, within(1e-12));
        assertThat(sentShare(0, 1, 0.049, 100)).isCloseTo(0.1, within(1e-12));
        assertThat(sentShare(0, 1, 0.2, 100)).isCloseTo(0.05, within(1e-12));
    }

    @Test
    void the_longer_the_downtime_limit_the_less_is_sent_before() {
        double before = 1;
        for (double limit = 0; limit < 3; limit += 0.01) {
            double share = sentShare(500, 2, 0.03, limit);
            assertThat(share).as("limit %.2f s", limit).isLessThanOrEqualTo(before);
            before = share;
        }
        assertThat(before).isCloseTo(0.05, within(1e-12));
    }

    private static double sentShare(double zero, double round, double setup, double limit) {
        return SwitchoverCheck.sentShare(PAGES, zero, WIRE, round, setup, limit);
    }

    @Test
    void a_round_of_two_iterations_ends_with_the_first_window() {
        assertThat(SwitchoverCheck.isInFirstWindow(0.03)).isTrue();
        assertThat(SwitchoverCheck.isInFirstWindow(0.1)).isTrue();
        assertThat(SwitchoverCheck.isInFirstWindow(0.1001)).isFalse();
    }
}
