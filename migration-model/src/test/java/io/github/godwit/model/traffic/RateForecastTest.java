package io.github.godwit.model.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.traffic.ForecastTrial.Sample;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

class RateForecastTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);

    private final RateForecast forecast = new RateForecast();

    private static Traffic mbit(double in, double out) {
        return new Traffic(Bandwidth.ofMegabits(in), Bandwidth.ofMegabits(out));
    }

    private static Instant minute(long minute) {
        return START.plus(Duration.ofMinutes(minute));
    }

    /** Feeds the rates received in minutes, two samples in each. */
    private void feed(long from, long to, LongToDoubleFunction rate) {
        for (long minute = from; minute < to; minute++) {
            forecast.add(minute(minute), mbit(rate.applyAsDouble(minute), 5));
            forecast.add(minute(minute).plus(HALF_MINUTE), mbit(rate.applyAsDouble(minute), 5));
        }
    }

    private double in(long minute) {
        return forecast.forecast(minute(minute)).in().megabits();
    }

    @Test
    void beforeTheFirstRatesThereIsNoTraffic() {
        assertThat(forecast.forecast(START)).isEqualTo(Traffic.NONE);
        assertThat(forecast.methods(START)).isEqualTo("as now");
    }

    @Test
    void aNewVmIsForecastAsNow() {
        feed(0, 3, minute -> 100 * minute);
        assertThat(forecast.forecast(minute(4))).isEqualTo(mbit(200, 5));
        assertThat(forecast.methods(minute(4))).isEqualTo("as now");
    }

    @Test
    void aSteadyRateStaysAsNow() {
        feed(0, 120, minute -> 300);
        assertThat(forecast.methods(minute(121))).isEqualTo("as now");
        assertThat(in(121)).isEqualTo(300);
    }

    /** Every fifth minute is busy. As now misses it each time, the cycle of five minutes does not. */
    @Test
    void aRhythmIsFound() {
        feed(0, 61, minute -> minute % 5 == 0 ? 500 : 20);

        assertThat(forecast.methods(minute(61))).isEqualTo("cycle in the last hour and as now");
        assertThat(in(61)).isEqualTo(20);
        assertThat(in(64)).isEqualTo(20);
        assertThat(in(65)).isEqualTo(500);
        assertThat(forecast.forecast(minute(65)).out().megabits()).isEqualTo(5);
    }

    @Test
    void aRateThatFlickersIsForecastByAMean() {
        Random random = new Random(7);
        feed(0, 120, minute -> random.nextInt(200));

        assertThat(forecast.methods(minute(121))).startsWith("mean of the last");
        assertThat(in(121)).isCloseTo(100, within(40.0));
    }

    /** A backup at the same hour of each day: 10 minutes ahead, as now misses its begin and its end, yesterday does not. */
    @Test
    void theSameTimeYesterdayIsRememberedToTheFiveMinutes() {
        LongToDoubleFunction slope = minute -> 20 + Math.abs(minute % 1440 - 720);
        feed(0, 1440 + 300, slope);

        long target = 1440 + 312;
        assertThat(forecast.methods(minute(target))).startsWith("same time yesterday");
        assertThat(in(target))
                .as("428 at that minute; 430 to 426 in these five minutes")
                .isEqualTo(20 + 720 - 312);
    }

    @Test
    void aMethodThatBecomesWorseIsLeftAgain() {
        feed(0, 61, minute -> minute % 5 == 0 ? 500 : 20);
        assertThat(forecast.methods(minute(61))).startsWith("cycle");

        feed(61, 400, minute -> 20 + 10 * (minute / 20));

        assertThat(forecast.methods(minute(401))).isEqualTo("as now");
    }

    @Test
    void aGapIsNotTakenForTraffic() {
        feed(0, 61, minute -> minute % 5 == 0 ? 500 : 20);
        feed(1000, 1003, minute -> 70);

        assertThat(forecast.methods(minute(1003))).isEqualTo("as now");
        assertThat(in(1003)).isEqualTo(70);
    }

    @Test
    void ratesOfEarlierMinutesAreLeftOut() {
        feed(0, 3, minute -> 100);
        forecast.add(minute(1), mbit(900, 900));
        assertThat(in(3)).isEqualTo(100);
    }

    private static List<Sample> trace(int minutes, LongToDoubleFunction rate) {
        List<Sample> trace = new ArrayList<>();
        for (int second = 0; second < minutes * 60; second += 20) {
            trace.add(new Sample(START.plusSeconds(second), mbit(rate.applyAsDouble(second), 8)));
        }
        return trace;
    }

    /** 180 minutes, busy in one of four: as now is wrong by 300 in two of four minutes. */
    @Test
    void onATraceItsErrorsAreComparedWithThoseOfAsNow() {
        ForecastTrial trial =
                ForecastTrial.of(trace(180, second -> second / 60 % 4 == 0 ? 400 : 100), Duration.ofMinutes(1));

        assertThat(trial.in().asNow()).isCloseTo(150, within(2.0));
        assertThat(trial.in().forecast()).isLessThan(40);
        assertThat(trial.out().asNow()).isZero();
        assertThat(trial.out().forecast()).isZero();
        assertThat(trial.forecasts()).isEqualTo(177);
    }

    @Test
    void onASteadyTraceItIsAsGoodAsNow() {
        ForecastTrial trial = ForecastTrial.of(trace(90, second -> second / 1200 * 50), Duration.ofMinutes(1));
        assertThat(trial.in().forecast()).isEqualTo(trial.in().asNow());
        assertThat(trial.methods()).containsOnlyKeys("as now");
    }
}
