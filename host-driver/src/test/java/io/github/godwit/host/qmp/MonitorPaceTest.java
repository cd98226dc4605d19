package io.github.godwit.host.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MonitorPaceTest {

    private final MonitorPace pace = new MonitorPace();

    @Test
    void theTimeoutOfAnUnknownMonitorIsFiveSeconds() {
        assertThat(pace.slowest()).isZero();
        assertThat(pace.deadline()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void theTimeoutOfAQuickMonitorIsFiveSecondsToo() {
        pace.responded(Duration.ofMillis(3));
        assertThat(pace.deadline()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void theTimeoutIsThreeTimesTheSlowestResponse() {
        pace.responded(Duration.ofSeconds(3));
        assertThat(pace.deadline()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void eachTimeoutDoublesTheNextUpToThirtySeconds() {
        pace.timedOut(pace.deadline());
        assertThat(pace.deadline()).isCloseTo(Duration.ofSeconds(10), Duration.ofMillis(1));
        pace.timedOut(pace.deadline());
        assertThat(pace.deadline()).isCloseTo(Duration.ofSeconds(20), Duration.ofMillis(1));
        pace.timedOut(pace.deadline());
        assertThat(pace.deadline()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void eightQuickResponsesRestoreTheDefault() {
        pace.responded(Duration.ofSeconds(8));
        for (int answer = 1; answer <= 8; answer++) {
            pace.responded(Duration.ofMillis(2));
        }
        assertThat(pace.deadline()).isEqualTo(Duration.ofSeconds(5));
        assertThat(pace.atLeast(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(100));
    }
}
