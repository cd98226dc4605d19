package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.select.MigrationDecider;
import io.github.godwit.model.select.MigrationDecider.Situation;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Predictions are made within the limits of the operator. */
class PredictionUnderLimitsTest {

    private static final MigrationCase FREE = AnalyticPredictorTest.on(Vms.writing(256, 64, 16, 4, false), 1000);
    private static final MigrationLimits SLOW =
            new MigrationLimits(Duration.ofMillis(500), Bandwidth.ofMegabits(100), 0, false);

    private final AnalyticPredictor predictor = new AnalyticPredictor();

    private static MigrationCase under(MigrationLimits limits, Duration downtimeLimit) {
        return MigrationDecider.prepare(
                        new Situation(FREE.vm(), FREE.source(), FREE.destination(), 0, limits),
                        link -> Optional.empty(),
                        null,
                        downtimeLimit)
                .migrationCase();
    }

    private double seconds(MigrationCase migration, Technique technique) {
        return predictor.predict(migration, technique).value(Metric.TOTAL_TIME) / 1e3;
    }

    /** At 12.5 MB/s, 64 MiB take 5.4 s; without the limit they take half a second. */
    @ParameterizedTest
    @EnumSource(names = {"PRE_COPY", "POST_COPY", "PRE_POST_COPY", "POST_COPY_PREEMPT", "AUTO_CONVERGE"})
    void the_limit_of_the_bandwidth_holds_before_and_after_the_switch(Technique technique) {
        assertThat(seconds(under(MigrationLimits.NONE, null), technique)).isLessThan(2);
        assertThat(seconds(under(SLOW, null), technique)).isGreaterThan(5);
    }

    @Test
    void the_downtime_limit_is_the_operators_or_a_shorter_one() {
        assertThat(under(SLOW, null).tuning().downtimeLimit()).isEqualTo(Duration.ofMillis(500));
        assertThat(under(SLOW, Duration.ofMillis(200)).tuning().downtimeLimit()).isEqualTo(Duration.ofMillis(200));
        assertThat(under(SLOW, Duration.ofSeconds(2)).tuning().downtimeLimit()).isEqualTo(Duration.ofMillis(500));
    }
}
