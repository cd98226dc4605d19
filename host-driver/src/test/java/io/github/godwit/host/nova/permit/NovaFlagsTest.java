package io.github.godwit.host.nova.permit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.WritingVm;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What Nova's own flags amount to, by the example in nova/virt/libvirt/migration.py. */
class NovaFlagsTest {

    private static final Bandwidth GIGABIT = Bandwidth.parse("1gbit");

    private static NovaFlags flags(long downtime, int steps, int delay, long completionTimeout) {
        return new NovaFlags(
                new NovaConfiguration(
                        false,
                        false,
                        downtime,
                        steps,
                        delay,
                        0,
                        false,
                        false,
                        1,
                        "abort",
                        completionTimeout,
                        List.of(),
                        List.of(),
                        true),
                0);
    }

    private static MigrationCase planned() {
        HostProfile here = new HostProfile("here", 4, 0, MemorySize.parse("8G"), 0, GIGABIT, Traffic.NONE);
        HostProfile there = new HostProfile("there", 4, 0, MemorySize.parse("8G"), 0, GIGABIT, Traffic.NONE);
        return new MigrationCase(
                WritingVm.named("vm"),
                here,
                there,
                LinkProfile.between(here, there, 0.1).withReserved(Bandwidth.parse("700mbit")),
                MigrationTuning.DEFAULT.withPostcopyFallback(true));
    }

    /** Ends after 4 s and 400 MB where the downtime limit is at least this, and otherwise only at the time limit. */
    private static Predictor endsFrom(long limitMillis) {
        return (migrationCase, technique) -> {
            MigrationTuning tuning = migrationCase.tuning();
            boolean ends = tuning.downtimeLimit().toMillis() >= limitMillis;
            double millis = ends ? 4_000 : tuning.timeLimit().toMillis();
            Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
            for (Metric metric : Metric.values()) {
                estimates.put(metric, new Estimate(1, 1, 1));
            }
            estimates.put(Metric.TOTAL_TIME, new Estimate(millis, millis / 2, millis * 2));
            estimates.put(Metric.TRANSFERRED_DATA, new Estimate(millis / 10, millis / 20, millis / 5));
            return new Prediction(estimates, ends);
        };
    }

    @Test
    void theLimitIsRaisedInTheStepsOfNovasExample() {
        // 10 steps, 30 s for each of 3 GiB, at most 400 ms.
        NovaFlags flags = flags(400, 10, 30, 800);
        assertThat(IntStream.rangeClosed(0, 10)
                        .mapToObj(i -> flags.step(i, 3))
                        .map(step -> "%d s %d ms"
                                .formatted(step.from().toSeconds(), step.limit().toMillis())))
                .containsExactly(
                        "0 s 40 ms",
                        "90 s 76 ms",
                        "180 s 112 ms",
                        "270 s 148 ms",
                        "360 s 184 ms",
                        "450 s 220 ms",
                        "540 s 256 ms",
                        "630 s 292 ms",
                        "720 s 328 ms",
                        "810 s 364 ms",
                        "900 s 400 ms");
    }

    @Test
    void aMigrationThatEndsAtTheFirstLimitIsPredictedWithThat() {
        NovaFlags.Predicted predicted = flags(500, 10, 75, 800).predict(planned(), endsFrom(10));

        assertThat(predicted.migrationCase().tuning().downtimeLimit()).isEqualTo(Duration.ofMillis(50));
        assertThat(predicted.prediction().value(Metric.TOTAL_TIME)).isEqualTo(4_000);
        assertThat(predicted.migrationCase().link().reserved()).isEqualTo(Bandwidth.ZERO);
        assertThat(predicted.migrationCase().tuning().postcopyFallback()).isFalse();
        // Nova counts with at least 2 GiB.
        assertThat(predicted.migrationCase().tuning().timeLimit()).isEqualTo(Duration.ofSeconds(1_600));
    }

    @Test
    void aMigrationThatNeedsALongerLimitWaitsForIt() {
        // 50, 95 and 140 ms, the last one from 2 * 150 s on.
        NovaFlags.Predicted predicted = flags(500, 10, 75, 800).predict(planned(), endsFrom(120));

        assertThat(predicted.migrationCase().tuning().downtimeLimit()).isEqualTo(Duration.ofMillis(140));
        assertThat(predicted.prediction().estimates().get(Metric.TOTAL_TIME))
                .isEqualTo(new Estimate(300_000, 300_000, 300_000));
        assertThat(predicted.prediction().value(Metric.TRANSFERRED_DATA)).isEqualTo(30_000);
        assertThat(predicted.prediction().converges()).isTrue();
    }

    @Test
    void aMigrationThatNeverEndsIsPredictedWithTheLastLimit() {
        NovaFlags.Predicted predicted = flags(500, 10, 75, 0).predict(planned(), endsFrom(900));

        assertThat(predicted.migrationCase().tuning().downtimeLimit()).isEqualTo(Duration.ofMillis(500));
        assertThat(predicted.prediction().converges()).isFalse();
        // Without a time limit of Nova: ten minutes after the last step.
        assertThat(predicted.migrationCase().tuning().timeLimit()).isEqualTo(Duration.ofMinutes(25 + 10));
    }

    @Test
    void theTechniqueIsThatOfTheFlags() {
        assertThat(new NovaFlags(NovaConfiguration.NOVA_DEFAULTS, 1 << 13).technique())
                .isEqualTo(Technique.AUTO_CONVERGE);
        assertThat(flags(500, 10, 75, 800).technique()).isEqualTo(Technique.PRE_COPY);
    }
}
