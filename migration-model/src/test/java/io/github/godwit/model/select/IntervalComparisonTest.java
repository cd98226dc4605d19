package io.github.godwit.model.select;

import static io.github.godwit.model.predict.Metric.DOWNTIME;
import static io.github.godwit.model.predict.Metric.PERFORMANCE;
import static io.github.godwit.model.predict.Metric.TOTAL_TIME;
import static io.github.godwit.model.predict.Metric.TRANSFERRED_DATA;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Prediction.Estimate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is better however it turns out: at most 1 s of downtime, then the least total time. */
class IntervalComparisonTest {

    private static final SloPolicy QUICK_WITH_LITTLE_DOWNTIME =
            new SloPolicy("quick", "test", List.of(new Slo(DOWNTIME, 1_000, 1)), Map.of(TOTAL_TIME, 1.0));

    private final IntervalComparison comparison = new IntervalComparison(QUICK_WITH_LITTLE_DOWNTIME);

    @Test
    void better_at_both_ends_is_better() {
        // violations of 0.5 and 0.1 against 1 and 0.2
        Prediction one = prediction(Map.of(DOWNTIME, interval(1_100, 1_500)));
        Prediction other = prediction(Map.of(DOWNTIME, interval(1_200, 2_000)));

        assertThat(comparison.isBetter(one, other)).isTrue();
        assertThat(comparison.isBetter(other, one)).isFalse();
    }

    @Test
    void better_at_one_end_and_equal_at_the_other_is_better() {
        // At best both keep the SLO and take the same time; at worst they miss it by 0.5 and by 1.
        Prediction one = prediction(Map.of(DOWNTIME, interval(500, 1_500)));
        Prediction other = prediction(Map.of(DOWNTIME, interval(400, 2_000)));

        assertThat(comparison.isBetter(one, other)).isTrue();
        assertThat(comparison.isBetter(other, one)).isFalse();
    }

    @Test
    void intervals_that_cross_are_not_better_either_way() {
        // At worst 0.6 is less than 1, at best 0.5 is more than nothing.
        Prediction narrow = prediction(Map.of(DOWNTIME, interval(1_500, 1_600)));
        Prediction wide = prediction(Map.of(DOWNTIME, interval(900, 2_000)));

        assertThat(comparison.isBetter(narrow, wide)).isFalse();
        assertThat(comparison.isBetter(wide, narrow)).isFalse();
    }

    @Test
    void the_same_is_not_better() {
        Prediction one = prediction(Map.of(DOWNTIME, interval(900, 2_000), TOTAL_TIME, interval(1_000, 9_000)));

        assertThat(comparison.isBetter(one, one)).isFalse();
    }

    @Test
    void what_is_less_likely_to_end_is_never_better() {
        Prediction sure = ending(1, prediction(Map.of(DOWNTIME, exactly(5_000), TOTAL_TIME, exactly(60_000))));
        Prediction cheap = ending(0.99, prediction(Map.of(DOWNTIME, exactly(10), TOTAL_TIME, exactly(1_000))));

        assertThat(comparison.isBetter(cheap, sure)).isFalse();
        assertThat(comparison.isBetter(ending(1, cheap), sure)).isTrue();
        assertThat(comparison.isBetter(sure, cheap))
                .as("nor is what ends more likely, and costs more")
                .isFalse();
    }

    @Test
    void on_equal_violations_the_objective_decides() {
        // Both keep the SLO at both ends.
        Prediction one = prediction(Map.of(DOWNTIME, interval(100, 900), TOTAL_TIME, interval(1_000, 2_000)));
        Prediction slower = prediction(Map.of(DOWNTIME, interval(10, 20), TOTAL_TIME, interval(1_000, 3_000)));
        Prediction crossing = prediction(Map.of(DOWNTIME, interval(10, 20), TOTAL_TIME, interval(900, 3_000)));

        assertThat(comparison.isBetter(one, slower)).isTrue();
        assertThat(comparison.isBetter(slower, one)).isFalse();
        assertThat(comparison.isBetter(one, crossing)).isFalse();
        assertThat(comparison.isBetter(crossing, one)).isFalse();
    }

    @Test
    void a_smaller_violation_outweighs_any_objective() {
        Prediction one = prediction(Map.of(DOWNTIME, exactly(1_100), TOTAL_TIME, exactly(90_000)));
        Prediction quicker = prediction(Map.of(DOWNTIME, exactly(1_200), TOTAL_TIME, exactly(1_000)));

        assertThat(comparison.isBetter(one, quicker)).isTrue();
        assertThat(comparison.isBetter(quicker, one)).isFalse();
    }

    @Test
    void the_bad_end_of_a_metric_with_a_lower_bound_is_the_low_one() {
        IntervalComparison byPerformance = new IntervalComparison(
                new SloPolicy("kept", "test", List.of(new Slo(PERFORMANCE, 0.8, 1)), Map.of(PERFORMANCE, 1.0)));
        // At worst they miss 0.8 by 0.2 and by 0.4; at best they keep it, and more is better.
        Prediction one = prediction(Map.of(PERFORMANCE, interval(0.6, 0.95)));
        Prediction other = prediction(Map.of(PERFORMANCE, interval(0.4, 0.9)));
        Prediction bold = prediction(Map.of(PERFORMANCE, interval(0.4, 1)));

        assertThat(byPerformance.isBetter(one, other)).isTrue();
        assertThat(byPerformance.isBetter(other, one)).isFalse();
        assertThat(byPerformance.isBetter(one, bold)).isFalse();
    }

    @Test
    void what_an_optimised_metric_without_slo_saves_is_measured_by_what_the_other_takes() {
        IntervalComparison byTimeAndData = new IntervalComparison(
                new SloPolicy("both", "test", List.of(), Map.of(TOTAL_TIME, 1.0, TRANSFERRED_DATA, 1.0)));
        Prediction other = prediction(Map.of(TOTAL_TIME, exactly(1_000), TRANSFERRED_DATA, exactly(100)));

        // Half of the time for 1.4 times the data are 1.9, against 2 for the other; 1.6 times the data make 2.1.
        assertThat(byTimeAndData.isBetter(
                        prediction(Map.of(TOTAL_TIME, exactly(500), TRANSFERRED_DATA, exactly(140))), other))
                .isTrue();
        assertThat(byTimeAndData.isBetter(
                        prediction(Map.of(TOTAL_TIME, exactly(500), TRANSFERRED_DATA, exactly(160))), other))
                .isFalse();
    }

    /** One that surely ends, whose metrics are 1 but for those given. */
    private static Prediction prediction(Map<Metric, Estimate> given) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            estimates.put(metric, exactly(1));
        }
        estimates.putAll(given);
        return new Prediction(estimates, true);
    }

    private static Prediction ending(double probability, Prediction prediction) {
        return new Prediction(prediction.estimates(), true, probability, Basis.SIMULATED);
    }

    private static Estimate interval(double low, double high) {
        return new Estimate((low + high) / 2, low, high);
    }

    private static Estimate exactly(double value) {
        return new Estimate(value, value, value);
    }
}
