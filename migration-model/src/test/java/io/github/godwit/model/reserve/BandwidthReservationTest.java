package io.github.godwit.model.reserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import org.junit.jupiter.api.Test;

/** All figures in Mbit/s on a link of 1000; the applications keep 400 at least and should keep 600. */
class BandwidthReservationTest {

    private static final Bandwidth TOTAL = Bandwidth.ofMegabits(1000);

    @Test
    void highReservesTheIdealWhateverTheApplicationsAreUsedTo() {
        assertThat(reserve(Urgency.HIGH, 900, 500)).isEqualTo(900);
    }

    @Test
    void mediumReservesThreeQuarters() {
        // 0.75 · 700 = 525, under 1000 − 400
        assertThat(reserve(Urgency.MEDIUM, 700, 300)).isEqualTo(525);
    }

    @Test
    void mediumLeavesTheLowerBound() {
        // 0.75 · 900 = 675, over 1000 − 400 = 600
        assertThat(reserve(Urgency.MEDIUM, 900, 500)).isEqualTo(600);
    }

    @Test
    void lowReservesHalf() {
        // 0.5 · 700 = 350, under 1000 − 600
        assertThat(reserve(Urgency.LOW, 700, 100)).isEqualTo(350);
    }

    @Test
    void lowLeavesTheUpperBound() {
        // 0.5 · 900 = 450, over 1000 − 600 = 400
        assertThat(reserve(Urgency.LOW, 900, 100)).isEqualTo(400);
    }

    @Test
    void nothingIsReservedWhereAsMuchIsFree() {
        assertThat(reserve(Urgency.HIGH, 900, 900)).isZero();
        assertThat(reserve(Urgency.MEDIUM, 900, 600)).isZero();
        assertThat(reserve(Urgency.LOW, 900, 401)).isZero();
    }

    @Test
    void applicationsThatAreToKeepTheWholeLinkLeaveNothingToReserve() {
        BandwidthReservation greedy = new BandwidthReservation(Urgency.LOW, TOTAL, TOTAL);
        assertThat(greedy.reserve(Bandwidth.ofMegabits(900), TOTAL, Bandwidth.ZERO))
                .isEmpty();
    }

    @Test
    void boundsTheWrongWayRoundAreRefused() {
        assertThatThrownBy(() -> new BandwidthReservation(Urgency.LOW, TOTAL, Bandwidth.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The slaLower (1gbit) must not be more than the slaUpper (0mbit).");
    }

    private static double reserve(Urgency urgency, double ideal, double available) {
        return new BandwidthReservation(urgency, Bandwidth.ofMegabits(400), Bandwidth.ofMegabits(600))
                .reserve(Bandwidth.ofMegabits(ideal), TOTAL, Bandwidth.ofMegabits(available))
                .map(Bandwidth::megabits)
                .orElse(0.0);
    }
}
