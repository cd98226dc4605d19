package io.github.godwit.model.select;

import static io.github.godwit.model.predict.Metric.DOWNTIME;
import static io.github.godwit.model.predict.Metric.PERFORMANCE;
import static io.github.godwit.model.predict.Metric.TOTAL_TIME;
import static io.github.godwit.model.technique.Technique.AUTO_CONVERGE;
import static io.github.godwit.model.technique.Technique.POST_COPY;
import static io.github.godwit.model.technique.Technique.PRE_COPY;
import static io.github.godwit.model.technique.Technique.ZSTD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Predictions;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What an expected violation and an objective are worth against each other. At most 1 s of downtime weighs 0.3, which
 * is what a migration that does not end costs: one that ends with a probability p has an expected violation of 0.3 · (1
 * − p). The whole that could be gained is worth 0.05.
 */
class WeighingTest {

    private static final SloPolicy QUICK =
            new SloPolicy("quick", "test", List.of(new Slo(DOWNTIME, 1_000, 0.3)), Map.of(TOTAL_TIME, 1.0));

    private static final SloPolicy LIVELY =
            new SloPolicy("lively", "test", List.of(new Slo(DOWNTIME, 1_000, 0.3)), Map.of(PERFORMANCE, 2.0));

    private final TechniqueSelector selector = new TechniqueSelector();

    private Choice choose(SloPolicy policy, Map<Technique, Prediction> predictions) {
        return selector.select(TechniqueAvailability.all(), predictions, policy);
    }

    private static Prediction takes(double seconds, double endProbability) {
        return ending(Predictions.of(seconds * 1e3, 100, 1, 0.5, 1, 1), endProbability);
    }

    private static Prediction keeps(double performance, double endProbability) {
        return ending(Predictions.of(1_000, 100, 1, performance, 1, 1), endProbability);
    }

    private static Prediction ending(Prediction prediction, double endProbability) {
        return new Prediction(prediction.estimates(), true, endProbability, Basis.SIMULATED);
    }

    @Test
    void half_of_the_time_is_worth_an_expected_violation_of_a_fortieth() {
        // 0.05 · 0.5 = 0.025; 0.3 · (1 − 0.92) = 0.024, and with 0.91 it is 0.027
        assertThat(choose(QUICK, Map.of(PRE_COPY, takes(9, 1), POST_COPY, takes(4.5, 0.92)))
                        .technique())
                .isEqualTo(POST_COPY);
        assertThat(choose(QUICK, Map.of(PRE_COPY, takes(9, 1), POST_COPY, takes(4.5, 0.91)))
                        .technique())
                .isEqualTo(PRE_COPY);
    }

    @Test
    void what_could_be_gained_is_counted_from_the_worst_objective_among_those_that_are_near() {
        // Throttling takes twice as long as PRE: its objective is −1, so that 2 could be gained and half of the time is
        // a quarter of
        // it, worth 0.0125. 0.3 · 0.04 = 0.012; 0.3 · 0.045 = 0.0135.
        Prediction slow = takes(18, 1);
        assertThat(choose(QUICK, Map.of(PRE_COPY, takes(9, 1), AUTO_CONVERGE, slow, POST_COPY, takes(4.5, 0.96)))
                        .technique())
                .isEqualTo(POST_COPY);
        assertThat(choose(QUICK, Map.of(PRE_COPY, takes(9, 1), AUTO_CONVERGE, slow, POST_COPY, takes(4.5, 0.955)))
                        .technique())
                .isEqualTo(PRE_COPY);
    }

    @Test
    void one_whose_violation_is_far_from_the_least_does_not_count_for_that() {
        // It takes twice as long as PRE, and 2 s of downtime.
        Prediction bad = Predictions.of(18_000, 2_000, 1, 0.5, 1, 1);
        Choice choice = choose(QUICK, Map.of(PRE_COPY, takes(9, 1), AUTO_CONVERGE, bad, POST_COPY, takes(4.5, 0.92)));

        assertThat(choice.technique()).isEqualTo(POST_COPY);
        assertThat(choice.scores())
                .extracting(Choice.Score::technique)
                .containsExactly(POST_COPY, PRE_COPY, AUTO_CONVERGE);
        assertThat(choice.scores().get(2).objective()).isCloseTo(-1, within(1e-12));
    }

    @Test
    void of_a_metric_of_which_more_is_better_the_most_that_could_be_gained_is_all_of_it() {
        // PRE keeps 0.4, and it weighs 2: 1 would be an objective of 2 · 1.5, and 0.7 is one of 2 · 0.75: half of it,
        // worth 0.025 as above.
        assertThat(choose(LIVELY, Map.of(PRE_COPY, keeps(0.4, 1), POST_COPY, keeps(0.7, 0.92)))
                        .technique())
                .isEqualTo(POST_COPY);
        assertThat(choose(LIVELY, Map.of(PRE_COPY, keeps(0.4, 1), POST_COPY, keeps(0.7, 0.91)))
                        .technique())
                .isEqualTo(PRE_COPY);
    }

    @Test
    void where_nothing_can_be_gained_the_least_violation_decides() {
        assertThat(choose(LIVELY, Map.of(PRE_COPY, keeps(1, 0.96), POST_COPY, keeps(1, 1)))
                        .technique())
                .isEqualTo(POST_COPY);
    }

    @Test
    void where_predictions_are_exact_the_least_violation_decides_whatever_could_be_gained() {
        // 0.3 · 0.5 = 0.15 against 0.3 · 0.51 = 0.153, and half of the time
        Prediction least = Predictions.of(9_000, 1_500, 1, 0.5, 1, 1);
        Prediction quick = Predictions.of(4_500, 1_510, 1, 0.5, 1, 1);

        Choice choice = choose(QUICK, Map.of(PRE_COPY, least, POST_COPY, quick));

        assertThat(choice.technique()).isEqualTo(PRE_COPY);
        assertThat(choice.scores().get(1).violation()).isCloseTo(0.153, within(1e-12));
    }

    @Test
    void of_two_that_break_the_slos_as_much_the_one_with_the_better_objective_comes_first() {
        Prediction broken = Predictions.of(9_000, 2_000, 1, 0.5, 1, 1);
        Prediction brokenAndQuick = Predictions.of(4_500, 2_000, 1, 0.5, 1, 1);

        Choice choice = choose(QUICK, Map.of(PRE_COPY, takes(9, 1), POST_COPY, broken, ZSTD, brokenAndQuick));

        assertThat(choice.scores()).extracting(Choice.Score::technique).containsExactly(PRE_COPY, ZSTD, POST_COPY);
    }

    @Test
    void the_order_does_not_depend_on_the_order_in_which_predictions_come() {
        Random random = new Random(29);
        for (int i = 0; i < 200; i++) {
            Map<Technique, Prediction> drawn = Predictions.drawn(random);
            List<Technique> order = new ArrayList<>(drawn.keySet());
            Collections.reverse(order);
            Map<Technique, Prediction> backwards = new LinkedHashMap<>();
            order.forEach(technique -> backwards.put(technique, drawn.get(technique)));

            assertThat(choose(QUICK, drawn)).isEqualTo(choose(QUICK, backwards));
        }
    }

    @Test
    void what_is_better_in_everything_is_never_passed_over() {
        Random random = new Random(31);
        for (int i = 0; i < 1_000; i++) {
            double seconds = 1 + 20 * random.nextDouble();
            double downtime = 2_000 * random.nextDouble();
            Prediction worse = Predictions.of(seconds * 1e3, downtime, 1, 0.5, 1, 1);
            Prediction better =
                    Predictions.of(seconds * 1e3 * random.nextDouble(), downtime * random.nextDouble(), 1, 0.5, 1, 1);

            assertThat(choose(QUICK, Map.of(PRE_COPY, worse, POST_COPY, better)).technique())
                    .isEqualTo(POST_COPY);
        }
    }

    @Test
    void an_expected_violation_is_the_mean_of_what_lies_beyond_the_limit() {
        // Of a normal distribution whose middle is one standard deviation beyond the limit, or before it:
        // φ(1) + Φ(1) = 0.2419707 + 0.8413447, and φ(1) − Φ(−1) = 0.2419707 − 0.1586553, of it.
        Slo slo = new Slo(DOWNTIME, 1_000, 0.3);
        double deviation = 100;
        double half = 1.6449 * deviation;

        assertThat(slo.expectedViolation(1_100 - half, 1_100 + half)).isCloseTo(0.3 * 0.1 * 1.0833154, within(1e-7));
        assertThat(slo.expectedViolation(900 - half, 900 + half)).isCloseTo(0.3 * 0.1 * 0.0833155, within(1e-7));
        // And two before it: φ(2) − 2 · Φ(−2) = 0.0539910 − 2 · 0.0227501
        assertThat(slo.expectedViolation(800 - half, 800 + half)).isCloseTo(0.3 * 0.1 * 0.0084907, within(1e-7));
    }

    @Test
    void an_expected_violation_grows_with_the_value_and_with_the_doubt() {
        Slo slo = new Slo(DOWNTIME, 1_000, 0.3);
        double before = 0;
        for (double middle = 500; middle < 1_500; middle += 10) {
            double expected = slo.expectedViolation(middle - 150, middle + 150);
            assertThat(expected).isGreaterThanOrEqualTo(before).isGreaterThanOrEqualTo(slo.violation(middle) - 1e-9);
            before = expected;
        }
        for (double half = 10; half < 500; half += 10) {
            assertThat(slo.expectedViolation(900 - half, 900 + half))
                    .isLessThanOrEqualTo(slo.expectedViolation(890 - half, 910 + half));
        }
    }

    @Test
    void a_policy_tells_its_slo_on_a_metric() {
        assertThat(QUICK.slo(DOWNTIME)).contains(new Slo(DOWNTIME, 1_000, 0.3));
        assertThat(QUICK.slo(Metric.CPU)).isEmpty();
    }
}
