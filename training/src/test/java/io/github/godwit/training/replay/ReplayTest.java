package io.github.godwit.training.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.watch.PrecopyRound;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** A run whose first two rounds take 8 s, after which rounds follow with these expected downtimes, each as long as the one before said. */
    private static RecordedRun run(boolean arrived, long... expected) {
        long[] elapsed = new long[expected.length];
        long now = 8_000;
        for (int i = 0; i < expected.length; i++) {
            now += i == 0 ? 0 : expected[i - 1];
            elapsed[i] = now;
        }
        List<PrecopyRound> rounds = IntStream.range(0, expected.length)
                .mapToObj(i -> new PrecopyRound(3 + i, expected[i], 0, elapsed[i], 0, 0))
                .toList();
        return new RecordedRun("m", rounds, now, arrived, 1L << 30, Duration.ofMillis(300), MINUTE);
    }

    @Test
    void aRunThatConvergesIsLeftAlone() {
        RecordedRun converging = run(true, 4_000, 2_600, 1_700, 1_100, 700, 460, 290);
        assertThat(WatchRule.all().get("godwit").switchesAfter(converging)).isEmpty();
        assertThat(converging.cost(Optional.empty())).isEqualTo(converging.totalMillis());
    }

    @Test
    void aRunThatStallsIsSwitchedAndCostsLess() {
        RecordedRun stalled = run(false, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000);
        assertThat(WatchRule.all().get("godwit").switchesAfter(stalled)).contains(2);
        assertThat(stalled.cost(Optional.of(2))).isCloseTo(12_000 + 4_400, within(1e-6));
        assertThat(stalled.hindsight()).isCloseTo(8_000 + 4_400, within(1e-6));

        Replay replay = Replay.of(List.of(stalled));
        assertThat(replay.rules().get("godwit").meanRegret()).isCloseTo(4_000, within(1e-6));
        assertThat(replay.rules().get("none").missed()).isOne();
        assertThat(replay.rules().get("kubevirt").switched()).isZero();
    }

    @Test
    void theStallDetectorComparesRoundsThatAreAWindowApartAndWaitsForALocalMinimum() {
        StallDetector detector = new StallDetector(Duration.ofSeconds(4));
        List<PrecopyRound> rounds =
                run(false, 2_000, 1_900, 2_500, 2_400, 1_950, 1_900).rounds();
        // Rounds end at 8, 10, 11.9, 14.4, 16.8 and 18.75 s. At 14.4 s 2,400 remains, not less than 1,900 of 10 s;
        // 1,950 is near that.
        assertThat(detector.switchesAfter(rounds)).contains(4);
        assertThat(StallDetector.DEFAULT.switchesAfter(rounds)).isEmpty();
    }

    @Test
    void whatIsSwitchedAlthoughItWouldHaveArrivedSoonIsNeedless() {
        RecordedRun lucky = run(true, 2_000, 2_000, 2_000, 250);
        Replay.Score score = Replay.of(List.of(lucky)).rules().get("godwit");
        assertThat(score.switched()).isOne();
        assertThat(score.needless()).isOne();
        assertThat(score.meanRegret()).isPositive();
    }
}
