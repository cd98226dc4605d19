package io.github.godwit.model.predict.forest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Predictions;
import io.github.godwit.model.predict.Features;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.technique.Technique;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The scales of what a model reads and tells, and how far a case is from those it was trained on. */
class ScalesTest {

    @ParameterizedTest
    @CsvSource({
        "TOTAL_TIME, 999, 1000", // and a floor of 1 ms
        "DOWNTIME, 0, 1",
        "DOWNTIME, -3, 1",
        "TRANSFERRED_DATA, 9.9, 10", // and a floor of 0.1 MB
        "MEMORY, 0, 0.1",
        "MEMORY, -3, 0.1",
    })
    void times_and_sizes_are_learned_as_logarithms_with_a_floor(Metric metric, double value, double ofLogarithm) {
        assertThat(TargetScale.encode(metric, value)).isCloseTo(Math.log(ofLogarithm), within(1e-12));
    }

    @Test
    void performance_is_learned_as_it_is_and_cpu_in_cores() {
        assertThat(TargetScale.encode(Metric.PERFORMANCE, 0.8)).isEqualTo(0.8);
        assertThat(TargetScale.encode(Metric.CPU, -40)).isEqualTo(-0.4);
        assertThat(TargetScale.decode(Metric.PERFORMANCE, -0.1))
                .as("no less than none")
                .isZero();
        assertThat(TargetScale.decode(Metric.CPU, -0.4)).isEqualTo(-40);
    }

    @ParameterizedTest
    @EnumSource
    void what_is_decoded_is_what_was_encoded(Metric metric) {
        for (double value : new double[] {0, 0.3, 0.9, 7, 4_321}) {
            assertThat(TargetScale.decode(metric, TargetScale.encode(metric, value)))
                    .isCloseTo(value, within(1e-9 + 1e-9 * value));
        }
    }

    @ParameterizedTest
    @EnumSource
    void qemu_counts_times_in_whole_milliseconds_and_nothing_else_in_whole_units(Metric metric) {
        double told = TargetScale.measurable(metric, TargetScale.encode(metric, 7.3));

        boolean isTime = metric == Metric.TOTAL_TIME || metric == Metric.DOWNTIME;
        assertThat(told).isCloseTo(isTime ? 7 : 7.3, within(1e-9));
    }

    @ParameterizedTest
    @EnumSource
    void an_interval_holds_the_whole_millisecond_that_is_told(Metric metric) {
        double encoded = TargetScale.encode(metric, 7.6);
        double told = TargetScale.measurable(metric, encoded);

        assertThat(TargetScale.low(metric, encoded, encoded)).isLessThanOrEqualTo(told);
        assertThat(TargetScale.high(metric, encoded, encoded)).isGreaterThanOrEqualTo(told);
        assertThat(TargetScale.high(metric, encoded, TargetScale.encode(metric, 9.2)))
                .isCloseTo(9.2, within(1e-9));
        assertThat(TargetScale.low(metric, encoded, TargetScale.encode(metric, 5.1)))
                .isCloseTo(5.1, within(1e-9));
    }

    @Test
    void a_vector_holds_the_case_and_then_what_the_simulation_says_on_a_logarithmic_scale() {
        Prediction simulated = Predictions.endless(812, 34, 567, 0.9, -12, 3);

        double[] vector = CaseVector.of(DrawnModels.CASE, Technique.ZSTD, simulated);

        double[] features = Features.of(DrawnModels.CASE);
        assertThat(vector).hasSize(CaseVector.LENGTH).hasSize(features.length + 7);
        for (int i = 0; i < features.length; i++) {
            assertThat(vector[i]).isCloseTo(Math.log1p(features[i]), within(1e-12));
        }
        assertThat(Arrays.copyOfRange(vector, features.length, CaseVector.LENGTH))
                .containsExactly(
                        Math.log(813),
                        Math.log(35),
                        Math.log(568),
                        Math.log1p(0.9),
                        -Math.log(13), // mirrored
                        Math.log(4),
                        0); // does not end
    }

    @Test
    void every_place_of_the_vector_has_a_name() {
        assertThat(CaseVector.names())
                .hasSize(CaseVector.LENGTH)
                .startsWith("MEMORY_MIB", "VCPUS")
                .endsWith(
                        "SIMULATED_TT",
                        "SIMULATED_DT",
                        "SIMULATED_TD",
                        "SIMULATED_PERF",
                        "SIMULATED_CPU",
                        "SIMULATED_MEM",
                        "SIMULATED_END_PROBABILITY");
    }

    @Test
    void the_distance_is_that_to_the_ball_that_is_nearest_in_its_radii() {
        Random random = new Random(23);
        int features = CaseVector.CASE_FEATURES;
        for (int round = 0; round < 200; round++) {
            double[] scales = random.doubles(features, 0.5, 2).toArray();
            double[] radii = random.doubles(6, 0.1, 3).toArray();
            double[][] centres = new double[6][];
            for (int i = 0; i < centres.length; i++) {
                centres[i] = random.doubles(features, -2, 2).toArray();
            }
            double[] vector = random.doubles(CaseVector.LENGTH, -2, 2).toArray();

            double nearest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < centres.length; i++) {
                double squares = 0;
                for (int j = 0; j < features; j++) {
                    squares += Math.pow(vector[j] / scales[j] - centres[i][j], 2);
                }
                nearest = Math.min(nearest, Math.sqrt(squares) / radii[i]);
            }

            assertThat(new TrainingDomain(scales, centres, radii).distance(vector))
                    .isCloseTo(nearest, within(1e-9));
        }
    }

    @Test
    void a_scale_or_a_radius_of_nothing_is_refused() {
        double[] scales = new double[CaseVector.CASE_FEATURES];
        Arrays.fill(scales, 1);
        double[][] centre = {new double[CaseVector.CASE_FEATURES]};
        assertThatThrownBy(() -> new TrainingDomain(scales, centre, new double[] {0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be positive");
        scales[3] = 0;
        assertThatThrownBy(() -> new TrainingDomain(scales, centre, new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be positive");
    }

    @Test
    void a_domain_whose_sizes_do_not_fit_is_refused() {
        double[] scales = new double[CaseVector.CASE_FEATURES];
        Arrays.fill(scales, 1);
        double[][] none = {};
        double[][] shortCentre = {new double[CaseVector.CASE_FEATURES - 1]};
        double[][] centre = {new double[CaseVector.CASE_FEATURES]};
        assertThatThrownBy(() -> new TrainingDomain(scales, none, new double[0]))
                .hasMessageContaining("A training domain needs");
        assertThatThrownBy(() -> new TrainingDomain(scales, centre, new double[] {1, 1}))
                .hasMessageContaining("A training domain needs");
        assertThatThrownBy(() -> new TrainingDomain(new double[] {1}, centre, new double[] {1}))
                .hasMessageContaining("A training domain needs");
        assertThatThrownBy(() -> new TrainingDomain(scales, shortCentre, new double[] {1}))
                .hasMessageContaining("A centre needs");
    }
}
