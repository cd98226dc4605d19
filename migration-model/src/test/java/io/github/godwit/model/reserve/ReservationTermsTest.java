package io.github.godwit.model.reserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The default terms: ideally 0.9 of the link; the applications keep a quarter of it and should keep half. */
class ReservationTermsTest {

    /**
     * HIGH takes the ideal; MEDIUM 0.75 · 0.9 = 0.675, which is under 1 − 0.25; LOW 0.5 · 0.9 = 0.45, which is under 1
     * − 0.5.
     */
    @ParameterizedTest
    @CsvSource({
        "HIGH, 1000, 900",
        "MEDIUM, 1000, 675",
        "LOW, 1000, 450",
        "HIGH, 10000, 9000",
        "MEDIUM, 10000, 6750",
    })
    void shares_of_the_link_are_reserved_whatever_its_rate(Urgency urgency, double link, double reserved) {
        assertThat(ReservationTerms.DEFAULT.withUrgency(urgency).reserve(link(link, 0)))
                .contains(Bandwidth.ofMegabits(reserved));
    }

    @Test
    void the_default_is_of_medium_urgency() {
        assertThat(ReservationTerms.DEFAULT.reserve(link(1000, 0))).contains(Bandwidth.ofMegabits(675));
    }

    @Test
    void what_the_applications_keep_bounds_it() {
        ReservationTerms greedy = new ReservationTerms(Urgency.MEDIUM, 0.4, 0.7, 0.9);

        assertThat(greedy.reserve(link(1000, 0))).as("1000 less 400").contains(Bandwidth.ofMegabits(600));
        assertThat(greedy.withUrgency(Urgency.LOW).reserve(link(1000, 0)))
                .as("1000 less 700")
                .contains(Bandwidth.ofMegabits(300));
    }

    @Test
    void nothing_is_reserved_where_as_much_is_free() {
        assertThat(ReservationTerms.DEFAULT.reserve(link(1000, 675))).isEmpty();
        assertThat(ReservationTerms.DEFAULT.reserve(link(1000, 674))).contains(Bandwidth.ofMegabits(675));
    }

    @Test
    void a_more_urgent_migration_never_gets_less_and_the_applications_keep_their_bound() {
        Random random = new Random(5);
        for (int i = 0; i < 1_000; i++) {
            double lower = random.nextDouble();
            double upper = lower + (1 - lower) * random.nextDouble();
            ReservationTerms terms = new ReservationTerms(Urgency.LOW, lower, upper, 0.01 + 0.99 * random.nextDouble());
            LinkProfile link = link(1000, 0);

            double low = megabits(terms, link);
            double medium = megabits(terms.withUrgency(Urgency.MEDIUM), link);
            double high = megabits(terms.withUrgency(Urgency.HIGH), link);

            assertThat(low).isLessThanOrEqualTo(medium).isLessThanOrEqualTo(1000 * (1 - upper) + 1e-6);
            assertThat(medium).isLessThanOrEqualTo(high).isLessThanOrEqualTo(1000 * (1 - lower) + 1e-6);
        }
    }

    private static double megabits(ReservationTerms terms, LinkProfile link) {
        return terms.reserve(link).map(Bandwidth::megabits).orElse(0.0);
    }

    @ParameterizedTest
    @CsvSource({"-0.1, 0.5, 0.9", "0.6, 0.5, 0.9", "0.2, 1.1, 0.9"})
    void shares_the_wrong_way_round_are_refused(double lower, double upper, double ideal) {
        assertThatThrownBy(() -> new ReservationTerms(Urgency.LOW, lower, upper, ideal))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "The SLA shares must obey 0 ≤ lower (%s) ≤ upper (%s) ≤ 1.".formatted(lower, upper));
    }

    @ParameterizedTest
    @CsvSource({"0", "1.01"})
    void an_ideal_of_nothing_or_more_than_the_link_is_refused(double ideal) {
        assertThatThrownBy(() -> new ReservationTerms(Urgency.LOW, 0, 1, ideal))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("idealShare");
        assertThat(new ReservationTerms(Urgency.LOW, 0, 1, 1).idealShare()).isEqualTo(1);
    }

    /** 550 and 720 of 1000 Mbit/s are kept: 450 and 280 are left, which is under 0.75 · 900 and 0.5 · 900. */
    @Test
    void where_the_traffic_of_applications_is_known_the_sum_of_their_bounds_replaces_the_shares() {
        ReservationTerms known = ReservationTerms.DEFAULT.keeping(
                new KeptBandwidth(Bandwidth.ofMegabits(550), Bandwidth.ofMegabits(720)), Bandwidth.ofMegabits(1000));

        assertThat(known.reserve(link(1000, 0))).contains(Bandwidth.ofMegabits(450));
        assertThat(known.withUrgency(Urgency.LOW).reserve(link(1000, 0))).contains(Bandwidth.ofMegabits(280));
        assertThat(known.withUrgency(Urgency.HIGH).reserve(link(1000, 0))).contains(Bandwidth.ofMegabits(900));
        assertThat(known.kept(Bandwidth.ofMegabits(1000)).lower()).isEqualTo(Bandwidth.ofMegabits(550));
    }

    @Test
    void bounds_of_more_than_the_link_leave_nothing() {
        ReservationTerms known = ReservationTerms.DEFAULT.keeping(
                new KeptBandwidth(Bandwidth.ofMegabits(1200), Bandwidth.ofMegabits(1500)), Bandwidth.ofMegabits(1000));
        assertThat(known.reserve(link(1000, 0))).isEmpty();
    }

    /** [SOLive 2020] evaluates 55, 75 and 95 % of the link. */
    @Test
    void an_urgency_claims_a_percentage_of_the_link() {
        assertThat(Urgency.HIGH.claim(Bandwidth.ofMegabits(200))).isEqualTo(Bandwidth.ofMegabits(190));
        assertThat(Urgency.MEDIUM.claim(Bandwidth.ofMegabits(200))).isEqualTo(Bandwidth.ofMegabits(150));
        assertThat(Urgency.LOW.claim(Bandwidth.ofMegabits(200))).isEqualTo(Bandwidth.ofMegabits(110));
    }

    @Test
    void an_urgency_is_written_in_lower_case() {
        assertThat(Urgency.values()).extracting(Urgency::toString).containsExactly("high", "medium", "low");
    }

    private static LinkProfile link(double megabits, double available) {
        return new LinkProfile(Bandwidth.ofMegabits(megabits), Bandwidth.ofMegabits(available), Bandwidth.ZERO, 0.1);
    }
}
