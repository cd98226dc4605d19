package io.github.godwit.host.migrate.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.unit.Bandwidth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** [SOLive 2020], algorithm 1, on a link of 1 Gbit/s with urgency 55 % and threshold 10 %. */
class ReservationLoopTest {

    private final ReservationLoop loop = new ReservationLoop(mbit(1000), mbit(550), mbit(100));

    @ParameterizedTest
    @CsvSource({"30, 550", "550, 550", "900, 900", "1000, 1000"})
    void theFirstReservationIsTheLargerOfUrgencyAndWhatIsAvailable(double available, double expected) {
        assertThat(loop.initialRate(mbit(available))).isEqualTo(mbit(expected));
    }

    @ParameterizedTest
    @CsvSource({
        // More than the threshold is free: it is added (lines 9–10), up to the rate of the link.
        "550, 550, 300, 850",
        "550, 550, 101, 651",
        "900, 900, 150, 1000",
        "300, 100, 200, 500",
        // No more than the threshold is free. Used up (less than 10 Mbit/s unused), and the urgency is higher: the
        // urgency
        // (lines 11–12).
        "300, 300, 100, 550",
        "300, 291, 0, 550",
        "300, 290, 0, 300",
        "300, 320, 0, 550",
        // Used up, but the urgency is not higher: unchanged.
        "550, 550, 0, 550",
        "850, 849, 50, 850",
        // More than the threshold is unused: reduced to the used rate (lines 13–14).
        "550, 449, 0, 449",
        "550, 450, 0, 550",
        "850, 0, 100, 0",
    })
    void theNextReservationFollowsTheTraffic(double reserved, double used, double available, double expected) {
        assertThat(loop.nextRate(mbit(reserved), mbit(used), mbit(available))).isEqualTo(mbit(expected));
    }

    @Test
    void anUrgencyAboveTheLinkIsRefused() {
        assertThatThrownBy(() -> new ReservationLoop(mbit(1000), mbit(1001), mbit(100)))
                .hasMessageContaining("1001mbit");
    }

    private static Bandwidth mbit(double megabits) {
        return Bandwidth.ofMegabits(megabits);
    }
}
