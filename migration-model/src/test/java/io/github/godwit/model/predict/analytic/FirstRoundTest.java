package io.github.godwit.model.predict.analytic;

import static io.github.godwit.model.predict.analytic.AnalyticPredictorTest.downtimeLimit;
import static io.github.godwit.model.predict.analytic.AnalyticPredictorTest.idle;
import static io.github.godwit.model.predict.analytic.AnalyticPredictorTest.on;
import static io.github.godwit.model.predict.analytic.AnalyticPredictorTest.withTuning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.Technique;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where QEMU ends the first round, and what becomes of what it left. */
class FirstRoundTest {

    private static final double GIGABIT_BYTES = 125e6;

    private final AnalyticPredictor predictor = new AnalyticPredictor(AnalyticPredictorTest.FREE);

    @Test
    void at_its_first_look_qemu_stops_a_vm_of_which_the_rest_fits_in_the_downtime_limit() {
        // 67.7 MB in all. At 100 ms 12.5 MB are gone and 125 MB/s are known, so that 62.5 MB fit in 500 ms; at 50 ms
        // nothing was known yet.
        MigrationCase migration = withTuning(on(idle(), 1000), downtimeLimit(Duration.ofSeconds(3)));

        Prediction prediction = predictor.predict(migration, Technique.PRE_COPY);

        assertThat(prediction.value(Metric.DOWNTIME)).isCloseTo(441.458, within(1.0));
        assertThat(prediction.value(Metric.TOTAL_TIME)).isCloseTo(541.458, within(1.0));
        assertThat(prediction.value(Metric.TRANSFERRED_DATA)).isCloseTo(67.682304, within(0.05));
    }

    @Test
    void a_vm_that_is_sent_before_the_first_look_is_stopped_with_all_it_wrote_meanwhile() {
        VmProfile vm = Vms.writing(64, 8, 8, 60, false);
        MigrationCase migration = withTuning(on(vm, 1000), downtimeLimit(Duration.ofMillis(1)));

        Prediction prediction = predictor.predict(migration, Technique.PRE_COPY);

        double written = vm.dirtyCurve()
                .pagesAfter(prediction.value(Metric.TOTAL_TIME) / 1e3 - prediction.value(Metric.DOWNTIME) / 1e3);
        assertThat(prediction.value(Metric.TOTAL_TIME)).isLessThan(100 + prediction.value(Metric.DOWNTIME));
        assertThat(prediction.value(Metric.DOWNTIME))
                .isGreaterThan(1)
                .isCloseTo(written * 4104 / GIGABIT_BYTES * 1e3, within(0.01));
    }

    @Test
    void a_vm_of_zero_pages_alone_is_scanned_and_moves() {
        Prediction prediction =
                new AnalyticPredictor().predict(on(Vms.writing(65_536, 0, 1, 0, false), 1000), Technique.PRE_COPY);

        assertThat(prediction.converges()).isTrue();
        assertThat(prediction.value(Metric.TRANSFERRED_DATA)).isCloseTo(65_536 * 256 * 9 / 1e6, within(1.0));
    }

    @Test
    void what_the_first_round_left_is_sent_though_the_vm_writes_elsewhere() {
        VmProfile vm = Vms.writing(256, 256, 1, 60, false); // a working set of 1 MiB that is written over and over
        MigrationCase migration = withTuning(on(vm, 1000), downtimeLimit(Duration.ofMillis(1500)));

        Prediction prediction = predictor.predict(migration, Technique.PRE_COPY);

        assertThat(prediction.value(Metric.TRANSFERRED_DATA)).isGreaterThanOrEqualTo(65_536 * 4104 / 1e6);
    }
}
