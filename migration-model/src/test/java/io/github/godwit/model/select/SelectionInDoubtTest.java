package io.github.godwit.model.select;

import static io.github.godwit.model.predict.Metric.PERFORMANCE;
import static io.github.godwit.model.technique.Technique.POST_COPY;
import static io.github.godwit.model.technique.Technique.PRE_COPY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Predictions;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a technique is chosen where predictions are not exact. */
class SelectionInDoubtTest {

    private static final TechniqueAvailability ALL = TechniqueAvailability.all();
    private final TechniqueSelector selector = new TechniqueSelector();

    @Test
    void a_technique_that_keeps_an_slo_by_a_hair_of_an_unsure_prediction_loses_to_one_that_surely_keeps_it() {
        Prediction sure = Predictions.of(9000, 200, 800, 0.80, 20, 5);
        Prediction unsure = unsure(Predictions.of(3000, 200, 400, 0.76, 10, 2), 0.30);

        Choice choice = choose(sure, unsure);

        // 0.182 of spread, an 18th of one above the limit: 0.7 * 0.182 * 0.372 / 0.75 is to be expected, more than 0.05
        assertThat(choice.technique()).isEqualTo(PRE_COPY);
        assertThat(choice.scores().get(1).violation()).isBetween(0.0630, 0.0634);
        assertThat(choice.scores().get(1).reason())
                .contains("is more likely to break performance kept 0.76 (limit 0.75)");
    }

    @Test
    void a_value_that_rounds_to_its_limit_is_told_with_its_side() {
        Choice choice =
                selector.select(ALL, Map.of(PRE_COPY, Predictions.of(900, 20, 80, 0.748, 20, 5)), ensurePerformance());

        assertThat(choice.reason()).contains("performance kept just below 0.75 (limit 0.75)");
    }

    @Test
    void a_great_gain_outweighs_an_slo_that_is_missed_by_a_hair_and_the_reason_says_so() {
        Prediction slow = unsure(Predictions.of(9000, 200, 800, 0.80, 20, 5), 0.20);
        Prediction fast = unsure(Predictions.of(3000, 200, 400, 0.74, 10, 2), 0.05);

        Choice choice = choose(slow, fast);

        assertThat(choice.technique()).isEqualTo(POST_COPY);
        assertThat(choice.reason())
                .startsWith(
                        "POST (post-copy) violates an SLO of ensure_performance by no more than the uncertainty of its prediction")
                .contains("performance kept 0.74");
        assertThat(choice.scores().get(1).reason()).startsWith("PRE loses to POST in total time");
    }

    private static Prediction unsure(Prediction prediction, double halfWidth) {
        Map<Metric, Prediction.Estimate> wide = new EnumMap<>(prediction.estimates());
        double kept = prediction.value(PERFORMANCE);
        wide.put(PERFORMANCE, new Prediction.Estimate(kept, kept - halfWidth, kept + halfWidth));
        return new Prediction(wide, true);
    }

    @Test
    void a_small_gain_does_not_outweigh_what_is_likelier_to_break_an_slo() {
        Prediction slow = Predictions.of(3300, 200, 800, 0.85, 20, 5);
        Prediction fast = unsure(Predictions.of(3000, 200, 400, 0.80, 10, 2), 0.14);

        Choice choice = choose(slow, fast);

        // a saving of 9 % is worth 0.009
        assertThat(choice.technique()).isEqualTo(PRE_COPY);
        assertThat(choice.scores().get(1).violation()).isBetween(0.009, 0.05);
    }

    @Test
    void what_chance_may_account_for_does_not_outweigh_the_objective() {
        Prediction slow = Predictions.of(9000, 200, 800, 0.85, 20, 5);
        Prediction fast = unsure(Predictions.of(3000, 200, 400, 0.80, 10, 2), 0.11);

        Choice choice = choose(slow, fast);

        assertThat(choice.technique()).isEqualTo(POST_COPY);
        assertThat(choice.scores().get(0).violation()).isBetween(0.0, 0.03).isNotZero();
    }

    @Test
    void a_technique_that_may_not_end_loses_to_one_that_surely_does() {
        Prediction sure = Predictions.of(9000, 200, 800, 0.9, 20, 5);
        Prediction fast = Predictions.of(3000, 200, 400, 0.9, 10, 2);
        Prediction doubtful = new Prediction(fast.estimates(), true, 0.8, Basis.LEARNED);
        Prediction likely = new Prediction(fast.estimates(), true, 0.999, Basis.LEARNED);

        Choice choice = choose(sure, doubtful);

        // a fifth of the weight of the SLO on downtime
        assertThat(choice.technique()).isEqualTo(PRE_COPY);
        assertThat(choice.scores().get(1).violation()).isCloseTo(0.2 * 0.3, within(1e-12));
        assertThat(choice.scores().get(1).reason())
                .contains("ends within its time limit only with a probability of 80 %");
        assertThat(choose(sure, likely).technique()).isEqualTo(POST_COPY);
    }

    private Choice choose(Prediction pre, Prediction post) {
        return selector.select(ALL, Map.of(PRE_COPY, pre, POST_COPY, post), ensurePerformance());
    }

    private static SloPolicy ensurePerformance() {
        return SloPolicies.shipped().get("ensure_performance");
    }
}
