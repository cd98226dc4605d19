package io.github.godwit.host.nova.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long another host driver is waited for. */
class PeerPaceTest {

    private static final URI PEER = URI.create("http://h2:9622");

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @ParameterizedTest
    @CsvSource({
        // lately, left: patience
        "'', 500, 500",
        "'', -1, 0",
        "'20 20 20', 1500, 300", // 4 x 20 is less than 300
        "'200 200 200', 1500, 800",
        "'200 200 200', 500, 500",
        "'600 600 600', 500, 0",
    })
    void itFollowsWhatItHasBeenTaking(String lately, long left, long patience) {
        List<Duration> latest = lately.isEmpty()
                ? List.of()
                : Arrays.stream(lately.split(" ", -1))
                        .map(each -> millis(Long.parseLong(each)))
                        .toList();
        assertThat(PeerPace.patience(latest, millis(left))).isEqualTo(millis(patience));
    }

    @Test
    void oneAnswerInTwentyMayBeSlow() {
        List<Duration> latest = new java.util.ArrayList<>(Collections.nCopies(19, millis(100)));
        latest.add(millis(5_000));
        assertThat(PeerPace.patience(latest, millis(1_000))).isEqualTo(millis(400));
        latest.add(millis(5_000));
        assertThat(PeerPace.patience(latest, millis(1_000))).isZero();
    }

    @Test
    void oneThatWasSlowIsAskedAgainAfterAWhile() {
        PeerPace pace = new PeerPace();
        pace.answered(PEER, millis(5_000));
        assertThat(pace.patience(PEER, millis(500))).isZero();
        assertThat(pace.patience(PEER, millis(500))).isEqualTo(millis(500));
    }
}
