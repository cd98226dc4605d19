package io.github.godwit.model.select;

import static io.github.godwit.model.predict.Metric.DOWNTIME;
import static io.github.godwit.model.predict.Metric.PERFORMANCE;
import static io.github.godwit.model.predict.Metric.TOTAL_TIME;
import static io.github.godwit.model.predict.Metric.TRANSFERRED_DATA;
import static io.github.godwit.model.technique.Technique.AUTO_CONVERGE;
import static io.github.godwit.model.technique.Technique.MULTIFD;
import static io.github.godwit.model.technique.Technique.POST_COPY;
import static io.github.godwit.model.technique.Technique.PRE_COPY;
import static io.github.godwit.model.technique.Technique.PRE_POST_COPY;
import static io.github.godwit.model.technique.Technique.ZSTD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Predictions;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Equations 1 to 8 of [FGCS 2025], section 5.2.3. */
class TechniqueSelectorTest {

    private static final TechniqueAvailability ALL = TechniqueAvailability.all();

    private final TechniqueSelector selector = new TechniqueSelector();

    @Test
    void paper_example_of_a_violation_threshold_10_predicted_15_weight_0_2_scores_0_1() {
        Slo slo = new Slo(TOTAL_TIME, 10, 0.2);

        assertThat(slo.violatedBy(15)).isTrue();
        // 0.2 · |15 − 10| / 10
        assertThat(slo.violation(15)).isCloseTo(0.1, within(1e-12));
        assertThat(slo.violation(10)).isZero();
    }

    @Test
    void paper_example_of_an_objective_lower_bound_10_at_15_and_upper_bound_50_at_40_scores_0_35() {
        // 0.5 · (15/10 − 1) = 0.25 and 0.5 · (1 − 40/50) = 0.1
        double lower = 0.5 * Scoring.gain(PERFORMANCE, 15, 10);
        double upper = 0.5 * Scoring.gain(TOTAL_TIME, 40, 50);

        assertThat(lower).isCloseTo(0.25, within(1e-12));
        assertThat(upper).isCloseTo(0.1, within(1e-12));
        assertThat(lower + upper).isCloseTo(0.35, within(1e-12));
    }

    @Test
    void a_technique_that_keeps_all_slos_beats_a_faster_one_that_does_not() {
        Choice choice = selector.select(
                ALL,
                Map.of(
                        PRE_COPY,
                        Predictions.of(9000, 200, 800, 0.9, 20, 5),
                        POST_COPY,
                        Predictions.of(3000, 5, 400, 0.4, 10, 2)),
                ensurePerformance());

        assertThat(choice.technique()).isEqualTo(PRE_COPY);
        // POST: 0.7 · (0.75 − 0.4) / 0.75
        assertThat(choice.scores().get(1).violation()).isCloseTo(0.7 * 0.35 / 0.75, within(1e-12));
        assertThat(choice.reason()).contains("only one that keeps all SLOs of ensure_performance");
        assertThat(choice.scores().get(1).reason()).contains("breaks performance kept 0.40 (limit 0.75)");
    }

    @Test
    void among_techniques_that_keep_all_slos_the_objective_against_pre_copy_decides() {
        Choice choice = selector.select(
                ALL,
                Map.of(
                        PRE_COPY, Predictions.of(9000, 200, 800, 0.9, 20, 5),
                        ZSTD, Predictions.of(4500, 100, 200, 0.8, 90, 9),
                        POST_COPY, Predictions.of(3000, 5, 400, 0.4, 10, 2)),
                ensurePerformance());

        assertThat(choice.technique()).isEqualTo(ZSTD);
        // TT has no SLO: θ is PRE's 9000, so half of the time is saved.
        assertThat(choice.scores().get(0).objective()).isCloseTo(0.5, within(1e-12));
        assertThat(choice.scores().get(1).objective()).isZero();
        assertThat(choice.reason()).contains("total time 4500 ms against 9000 ms by pre-copy");
    }

    @Test
    void when_all_break_slos_the_least_weighted_violation_wins_whatever_the_objective() {
        Choice choice = selector.select(
                ALL,
                Map.of(
                        PRE_COPY, Predictions.of(9000, 3000, 800, 0.9, 20, 5),
                        POST_COPY, Predictions.of(3000, 5, 400, 0.6, 10, 2)),
                ensurePerformance());

        // PRE: 0.3 · 2000/1000 = 0.6; POST: 0.7 · 0.15/0.75 = 0.14
        assertThat(choice.technique()).isEqualTo(POST_COPY);
        assertThat(choice.scores().get(0).violation()).isCloseTo(0.14, within(1e-12));
        assertThat(choice.scores().get(1).violation()).isCloseTo(0.6, within(1e-12));
        assertThat(choice.scores().get(0).violations()).isEqualTo(1);
    }

    @Test
    void violations_of_several_metrics_add_up() {
        Choice choice =
                selector.select(ALL, Map.of(PRE_COPY, Predictions.of(1, 1500, 1, 0.6, 1, 1)), ensurePerformance());

        // 0.7 · 0.15/0.75 + 0.3 · 500/1000 = 0.14 + 0.15
        assertThat(choice.scores().get(0).violation()).isCloseTo(0.29, within(1e-12));
        assertThat(choice.scores().get(0).violations()).isEqualTo(2);
    }

    @Test
    void a_full_tie_goes_to_the_plainer_technique() {
        Prediction same = Predictions.of(1000, 10, 100, 0.9, 5, 5);

        Choice choice =
                selector.select(ALL, Map.of(AUTO_CONVERGE, same, MULTIFD, same, PRE_COPY, same), ensurePerformance());

        assertThat(choice.scores())
                .extracting(Choice.Score::technique)
                .containsExactly(PRE_COPY, AUTO_CONVERGE, MULTIFD);
        assertThat(choice.scores().get(1).reason()).contains("ties with PRE");
    }

    @Test
    void an_optimised_metric_with_an_slo_is_measured_from_its_threshold() {
        SloPolicy policy = new SloPolicy("p", "test", List.of(new Slo(DOWNTIME, 2000, 0.5)), Map.of(DOWNTIME, 1.0));

        Choice choice = selector.select(ALL, Map.of(POST_COPY, Predictions.of(1, 500, 1, 1, 1, 1)), policy);

        assertThat(choice.scores().get(0).objective()).isCloseTo(0.75, within(1e-12));
    }

    @Test
    void without_pre_copy_the_costliest_candidate_is_the_reference() {
        SloPolicy policy = new SloPolicy("p", "test", List.of(), Map.of(TRANSFERRED_DATA, 1.0));
        TechniqueAvailability noPreCopy = new TechniqueAvailability(Map.of(PRE_COPY, "is switched off here"));

        Choice choice = selector.select(
                noPreCopy,
                Map.of(POST_COPY, Predictions.of(1, 1, 400, 1, 1, 1), ZSTD, Predictions.of(1, 1, 100, 1, 1, 1)),
                policy);

        assertThat(choice.technique()).isEqualTo(ZSTD);
        assertThat(choice.scores().get(0).objective()).isCloseTo(0.75, within(1e-12));
        assertThat(choice.rejected()).contains(new Choice.Rejection(PRE_COPY, "is switched off here"));
    }

    @Test
    void a_threshold_of_zero_is_measured_in_units_of_the_metric() {
        Slo none = new Slo(Metric.CPU, 0, 0.5);

        assertThat(none.violation(-3)).isZero();
        assertThat(none.violation(4)).isCloseTo(2, within(1e-12));
        assertThat(Scoring.gain(Metric.CPU, 4, 0)).isCloseTo(-4, within(1e-12));
    }

    @Test
    void a_technique_that_does_not_converge_is_rejected_while_another_does() {
        Choice choice = selector.select(
                ALL,
                Map.of(
                        PRE_COPY, Predictions.endless(300_000, 10, 40_000, 0.95, 20, 5),
                        POST_COPY, Predictions.of(3000, 5, 400, 0.4, 10, 2)),
                ensurePerformance());

        assertThat(choice.technique()).isEqualTo(POST_COPY);
        assertThat(choice.rejected())
                .contains(new Choice.Rejection(PRE_COPY, "is not expected to end within its time limit"));
    }

    @Test
    void when_none_converges_the_best_is_chosen_and_the_reason_says_so() {
        Choice choice = selector.select(
                ALL, Map.of(PRE_COPY, Predictions.endless(300_000, 10, 40_000, 0.95, 20, 5)), ensurePerformance());

        assertThat(choice.technique()).isEqualTo(PRE_COPY);
        assertThat(choice.reason()).contains("No technique is expected to end");
    }

    @Test
    void with_no_technique_available_the_error_gives_every_reason() {
        Map<Technique, String> reasons = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            reasons.put(technique, "is not there");
        }

        assertThatThrownBy(() -> selector.select(new TechniqueAvailability(reasons), Map.of(), ensurePerformance()))
                .isInstanceOf(NoTechniqueException.class)
                .hasMessage("No technique can run: each is not there.");

        reasons.put(Technique.DIRTY_LIMIT, "needs a dirty ring");
        assertThatThrownBy(() -> selector.select(new TechniqueAvailability(reasons), Map.of(), ensurePerformance()))
                .isInstanceOf(NoTechniqueException.class)
                .hasMessageContaining("PRE is not there; POST is not there")
                .hasMessageContaining("DIRTY-LIMIT needs a dirty ring");
    }

    @Test
    void where_too_little_is_known_pre_is_taken_and_the_reason_says_so() {
        Prediction slow = Predictions.of(9000, 200, 800, 0.9, 20, 5).withBasis(Basis.UNSURE);
        Prediction fast = Predictions.of(3000, 5, 400, 0.9, 10, 2).withBasis(Basis.UNSURE);

        Choice choice = selector.select(ALL, Map.of(PRE_COPY, slow, POST_COPY, fast), ensurePerformance());

        assertThat(choice.technique()).isEqualTo(PRE_COPY);
        assertThat(choice.reason()).contains("Too little is known about the VM");
        assertThat(choice.rejected()).anyMatch(rejection -> rejection.technique() == POST_COPY);
    }

    @Test
    void the_reason_says_when_the_case_is_unlike_those_that_were_learned_from() {
        Prediction slow = Predictions.of(9000, 200, 800, 0.9, 20, 5).withBasis(Basis.UNFAMILIAR);
        Prediction fast = Predictions.of(3000, 5, 400, 0.9, 10, 2).withBasis(Basis.UNFAMILIAR);

        Choice choice = selector.select(ALL, Map.of(PRE_COPY, slow, POST_COPY, fast), ensurePerformance());

        assertThat(choice.technique()).isEqualTo(POST_COPY);
        assertThat(choice.reason()).contains("unlike those that the models were trained on");
    }

    @Test
    void a_pre_copy_that_may_be_switched_costs_what_post_copy_does_where_it_does_not_end() {
        Map<Technique, Prediction> predictions = Map.of(
                PRE_COPY, ending(0.6, Predictions.of(4000, 200, 500, 0.9, 20, 5)),
                PRE_POST_COPY, Predictions.of(4400, 5, 600, 0.8, 10, 2));

        assertThat(selector.select(ALL, predictions, ensurePerformance()).technique())
                .as("0.6 · 4000 + 0.4 · 1.25 · 4400 = 4600 ms, and in the mean no SLO is broken")
                .isEqualTo(PRE_POST_COPY);
        assertThat(selector.select(ALL, predictions, ensurePerformance())
                        .scores()
                        .get(1)
                        .violation())
                .isZero();
        assertThat(TechniqueSelector.unwatched()
                        .select(ALL, predictions, ensurePerformance())
                        .scores()
                        .get(1)
                        .violation())
                .as("a migration that does not end has no downtime: 0.4 · 0.3")
                .isCloseTo(0.12, within(1e-12));

        Map<Technique, Prediction> slower = new EnumMap<>(predictions);
        slower.put(PRE_POST_COPY, Predictions.of(4400, 5, 600, 0.7, 10, 2));
        assertThat(selector.select(ALL, slower, ensurePerformance()).technique())
                .as("breaks the SLO on performance in four of ten cases instead of always")
                .isEqualTo(PRE_COPY);
    }

    @Test
    void where_post_copy_must_not_be_used_nothing_is_switched() {
        Map<Technique, Prediction> predictions = Map.of(
                PRE_COPY, ending(0.4, Predictions.of(4000, 200, 500, 0.9, 20, 5)),
                AUTO_CONVERGE, Predictions.of(9000, 200, 500, 0.6, 20, 5),
                PRE_POST_COPY, Predictions.of(9000, 5, 600, 0.4, 10, 2));
        TechniqueAvailability without = ALL.without(Set.of(PRE_POST_COPY), "is forbidden");

        assertThat(selector.select(ALL, predictions, ensurePerformance()).technique())
                .isEqualTo(AUTO_CONVERGE);
        assertThat(selector.select(without, predictions, ensurePerformance()).rejected())
                .anyMatch(rejection ->
                        rejection.technique() == PRE_COPY && rejection.reason().contains("not expected to end"));
    }

    private static Prediction ending(double probability, Prediction prediction) {
        return new Prediction(prediction.estimates(), probability >= 0.5, probability, Basis.LEARNED);
    }

    @Test
    void a_bare_choice_is_the_explained_one() {
        Random random = new Random(7);
        for (SloPolicy policy : SloPolicies.shipped().all()) {
            for (int round = 0; round < 200; round++) {
                Map<Technique, Prediction> predictions = Predictions.drawn(random);

                assertThat(selector.choose(ALL, PredictionTable.of(predictions), policy))
                        .isEqualTo(selector.select(ALL, predictions, policy).technique());
            }
        }
    }

    private static SloPolicy ensurePerformance() {
        return SloPolicies.shipped().get("ensure_performance");
    }
}
