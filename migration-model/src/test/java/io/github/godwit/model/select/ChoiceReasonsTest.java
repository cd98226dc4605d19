package io.github.godwit.model.select;

import static io.github.godwit.model.predict.Metric.DOWNTIME;
import static io.github.godwit.model.predict.Metric.PERFORMANCE;
import static io.github.godwit.model.predict.Metric.TOTAL_TIME;
import static io.github.godwit.model.technique.Technique.AUTO_CONVERGE;
import static io.github.godwit.model.technique.Technique.POST_COPY;
import static io.github.godwit.model.technique.Technique.PRE_COPY;
import static io.github.godwit.model.technique.Technique.ZSTD;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.Predictions;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The sentences, whole, of small choices: at most 1 s of downtime, at least 0.75 of the performance, and the least
 * time.
 */
class ChoiceReasonsTest {

    private static final SloPolicy POLICY = new SloPolicy(
            "both",
            "test",
            List.of(new Slo(DOWNTIME, 1_000, 0.3), new Slo(PERFORMANCE, 0.75, 0.7)),
            Map.of(TOTAL_TIME, 1.0));

    private static final SloPolicy WITHOUT_SLO = new SloPolicy("free", "test", List.of(), Map.of(TOTAL_TIME, 1.0));

    private static Choice choose(SloPolicy policy, Map<Technique, Prediction> predictions) {
        return new TechniqueSelector().select(TechniqueAvailability.all(), predictions, policy);
    }

    private static String loser(Choice choice) {
        return choice.scores().get(choice.scores().size() - 1).reason();
    }

    private static Prediction prediction(double seconds, double downtime, double performance) {
        return Predictions.of(seconds * 1e3, downtime, 1, performance, 1, 1);
    }

    @Test
    void the_fastest_of_several_that_keep_all_slos() {
        Choice choice = choose(POLICY, Map.of(PRE_COPY, prediction(9, 200, 0.9), ZSTD, prediction(4.5, 100, 0.8)));

        assertThat(choice.reason())
                .isEqualTo(
                        "DCZstd (pre-copy with zstd compression) keeps all SLOs of both and has the best objective of"
                                + " 2 such techniques; total time 4500 ms against 9000 ms by pre-copy.");
        assertThat(loser(choice)).isEqualTo("PRE loses to DCZstd in total time: 9000 ms against 4500 ms.");
    }

    @Test
    void the_only_one_that_keeps_all_slos_and_what_another_breaks() {
        Choice choice = choose(POLICY, Map.of(PRE_COPY, prediction(9, 200, 0.9), POST_COPY, prediction(3, 5, 0.4)));

        assertThat(choice.reason())
                .isEqualTo("PRE (pre-copy) is the only one that keeps all SLOs of both;"
                        + " total time 9000 ms against 9000 ms by pre-copy.");
        assertThat(loser(choice)).isEqualTo("POST loses to PRE: it breaks performance kept 0.40 (limit 0.75).");
    }

    @Test
    void all_that_a_technique_breaks_is_told() {
        Choice choice = choose(POLICY, Map.of(PRE_COPY, prediction(9, 200, 0.9), POST_COPY, prediction(3, 1_500, 0.4)));

        assertThat(loser(choice))
                .isEqualTo("POST loses to PRE: it breaks downtime 1500 ms (limit 1000 ms),"
                        + " performance kept 0.40 (limit 0.75).");
    }

    @Test
    void the_one_that_breaks_slos_least() {
        Choice choice = choose(POLICY, Map.of(PRE_COPY, prediction(9, 3_000, 0.9), POST_COPY, prediction(3, 5, 0.6)));

        assertThat(choice.reason())
                .isEqualTo("POST (post-copy) breaks the SLOs of both least: performance kept 0.60 (limit 0.75);"
                        + " total time 3000 ms against 9000 ms by pre-copy.");
    }

    @Test
    void the_only_technique_there_is_is_not_told_to_be_the_only_one_of_several() {
        assertThat(choose(POLICY, Map.of(PRE_COPY, prediction(9, 200, 0.9))).reason())
                .startsWith("PRE (pre-copy) keeps all SLOs of both and has the best objective")
                .endsWith("; total time 9000 ms against 9000 ms by pre-copy.");
    }

    @Test
    void without_slos_the_best_is_just_best() {
        Choice choice = choose(WITHOUT_SLO, Map.of(PRE_COPY, prediction(9, 200, 0.9), ZSTD, prediction(4.5, 100, 0.8)));

        assertThat(choice.reason())
                .isEqualTo("DCZstd (pre-copy with zstd compression) is best under free and has the best objective of"
                        + " 2 such techniques; total time 4500 ms against 9000 ms by pre-copy.");
    }

    @Test
    void one_that_is_slower_but_surer_is_best_in_how_surely_it_keeps_them() {
        // A third of the time saved is worth 0.017; a fifth of a chance not to end costs 0.06.
        Choice choice = choose(
                POLICY, Map.of(PRE_COPY, prediction(9, 200, 0.9), POST_COPY, ending(0.8, prediction(6, 200, 0.9))));

        assertThat(choice.reason())
                .isEqualTo(
                        "PRE (pre-copy) keeps all SLOs of both and has the best balance of certainty and objective of"
                                + " 2 such techniques; total time 9000 ms against 9000 ms by pre-copy.");
        assertThat(loser(choice))
                .isEqualTo("POST loses to PRE: it ends within its time limit only with a probability of 80 %.");
    }

    @Test
    void from_95_percent_on_whether_it_ends_is_not_what_decides() {
        // 0.3 · 0.05 = 0.015 for not ending, more than a tenth of the time is worth
        Choice choice = choose(
                POLICY,
                Map.of(
                        PRE_COPY,
                        prediction(9, 200, 0.9),
                        POST_COPY,
                        ending(0.95, unsure(prediction(8.1, 200, 0.8), PERFORMANCE, 0.1))));

        assertThat(choice.technique()).isEqualTo(PRE_COPY);
        assertThat(loser(choice))
                .isEqualTo("POST loses to PRE: it is more likely to break performance kept 0.80 (limit 0.75).");
    }

    @Test
    void the_slo_that_is_most_endangered_is_told() {
        // Either may be broken; the downtime by much more.
        Prediction doubtful = unsure(unsure(prediction(8.1, 900, 0.9), PERFORMANCE, 0.1), DOWNTIME, 900);
        Choice choice = choose(POLICY, Map.of(PRE_COPY, prediction(9, 200, 0.9), POST_COPY, doubtful));

        assertThat(choice.technique()).isEqualTo(PRE_COPY);
        assertThat(loser(choice))
                .isEqualTo("POST loses to PRE: it is more likely to break downtime 900 ms (limit 1000 ms).");
    }

    @Test
    void a_value_that_rounds_to_its_limit_is_told_with_its_side() {
        assertThat(choose(POLICY, Map.of(PRE_COPY, prediction(9, 1_000.2, 0.9))).reason())
                .contains("breaks the SLOs of both least: downtime just above 1000 ms (limit 1000 ms);");
        assertThat(choose(POLICY, Map.of(PRE_COPY, prediction(9, 200, 0.7499))).reason())
                .contains("breaks the SLOs of both least: performance kept just below 0.75 (limit 0.75);");
    }

    @Test
    void techniques_that_break_as_much_tie_or_lose_in_what_is_optimised() {
        Prediction same = prediction(9, 2_000, 0.9);
        Choice choice =
                choose(POLICY, Map.of(PRE_COPY, same, AUTO_CONVERGE, same, POST_COPY, prediction(12, 2_000, 0.9)));

        assertThat(choice.scores())
                .extracting(Choice.Score::technique, Choice.Score::reason)
                .endsWith(
                        org.assertj.core.groups.Tuple.tuple(AUTO_CONVERGE, "THR ties with PRE, which is simpler."),
                        org.assertj.core.groups.Tuple.tuple(
                                POST_COPY, "POST loses to PRE in total time: 12000 ms against 9000 ms."));
    }

    @Test
    void an_optimised_metric_with_an_slo_is_told_against_what_is_allowed() {
        SloPolicy policy =
                new SloPolicy("still", "test", List.of(new Slo(DOWNTIME, 2_000, 0.5)), Map.of(DOWNTIME, 1.0));

        assertThat(choose(policy, Map.of(PRE_COPY, prediction(9, 500, 0.9))).reason())
                .endsWith("; downtime 500 ms against 2000 ms allowed.");
    }

    @Test
    void several_optimised_metrics_are_told_one_after_the_other() {
        SloPolicy policy = new SloPolicy("two", "test", List.of(), Map.of(TOTAL_TIME, 1.0, PERFORMANCE, 1.0));
        Choice choice = choose(policy, Map.of(PRE_COPY, prediction(9, 200, 0.8), ZSTD, prediction(4.5, 100, 0.8)));

        assertThat(choice.reason())
                .endsWith("; total time 4500 ms against 9000 ms by pre-copy,"
                        + " performance kept 0.80 against 0.80 by pre-copy.");
        assertThat(loser(choice))
                .isEqualTo("PRE loses to DCZstd in total time and performance kept: 9000 ms and 0.80 against"
                        + " 4500 ms and 0.80.");
    }

    @Test
    void that_none_ends_is_told_only_where_none_does() {
        Prediction endless = Predictions.endless(300_000, 10, 40_000, 0.95, 20, 5);

        assertThat(choose(POLICY, Map.of(PRE_COPY, endless)).reason()).contains("No technique is expected to end");
        assertThat(choose(POLICY, Map.of(PRE_COPY, endless, POST_COPY, prediction(3, 5, 0.9)))
                        .reason())
                .doesNotContain("No technique is expected to end");
    }

    private static Prediction ending(double probability, Prediction prediction) {
        return new Prediction(prediction.estimates(), true, probability, Basis.SIMULATED);
    }

    private static Prediction unsure(Prediction prediction, Metric metric, double half) {
        Map<Metric, Prediction.Estimate> estimates = new EnumMap<>(prediction.estimates());
        double value = prediction.value(metric);
        estimates.put(metric, new Prediction.Estimate(value, value - half, value + half));
        return new Prediction(estimates, true);
    }
}
