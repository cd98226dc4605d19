package io.github.godwit.model.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.Predictions;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.Prediction.Eviction;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When SCATTER-GATHER is chosen. */
class EarlyEvictionTest {

    private static final SloPolicy USUAL = policy(false);
    private static final SloPolicy EVICT = policy(true);

    private final TechniqueSelector selector = new TechniqueSelector();

    private static SloPolicy policy(boolean eviction) {
        return new SloPolicy(
                "evict",
                0,
                "test",
                List.of(new Slo(Metric.DOWNTIME, 1_000, 1)),
                Map.of(Metric.TOTAL_TIME, 1.0),
                TechniqueTerms.FREE,
                eviction);
    }

    private static Map<Technique, Prediction> predictions(double post, double free) {
        Prediction scattered = Predictions.of(post, 80, 340, 0.8, 20, 5);
        return Map.of(
                Technique.PRE_COPY,
                Predictions.of(1.2 * post, 250, 400, 0.95, 20, 5),
                Technique.POST_COPY,
                Predictions.of(post, 100, 340, 0.8, 20, 5),
                Technique.SCATTER_GATHER,
                new Prediction(
                        scattered.estimates(),
                        true,
                        1.0,
                        Prediction.Basis.SIMULATED,
                        new Eviction(new Estimate(free, free, free), 680)));
    }

    private Choice choose(SloPolicy policy, double post, double free) {
        Choice choice = selector.select(TechniqueAvailability.all(), predictions(post, free), policy);
        assertThat(selector.choose(TechniqueAvailability.all(), PredictionTable.of(predictions(post, free)), policy))
                .isEqualTo(choice.technique());
        return choice;
    }

    private static String rejection(Choice choice) {
        return choice.rejected().stream()
                .filter(each -> each.technique() == Technique.SCATTER_GATHER)
                .map(Choice.Rejection::reason)
                .findFirst()
                .orElse("");
    }

    @Test
    void itIsChosenWhereThePolicyWantsTheSourceFreeAndTheDestinationIsSlow() {
        Choice choice = choose(EVICT, 9_500, 3_000);

        assertThat(choice.technique()).isEqualTo(Technique.SCATTER_GATHER);
        assertThat(choice.reason()).contains("time until the source is free 3000 ms against 11400 ms by pre-copy");
    }

    @Test
    void itIsNotChosenWhereTheDestinationKeepsUp() {
        Choice choice = choose(EVICT, 2_900, 3_000);

        assertThat(choice.technique()).isEqualTo(Technique.POST_COPY);
        assertThat(rejection(choice))
                .isEqualTo("gains too little: the source is free after 3000 ms, by POST after 2900 ms");
        assertThat(choose(EVICT, 3_200, 3_000).technique()).isEqualTo(Technique.POST_COPY);
    }

    @Test
    void itIsNotChosenByAPolicyThatDoesNotAskForIt() {
        Choice choice = choose(USUAL, 9_500, 3_000);

        assertThat(choice.technique()).isEqualTo(Technique.POST_COPY);
        assertThat(rejection(choice)).contains("which policy evict does not ask for (eviction)");
    }

    @Test
    void whatThePolicyForbidsStaysForbidden() {
        SloPolicy never = new SloPolicy(
                "never",
                0,
                "test",
                List.of(),
                Map.of(Metric.TOTAL_TIME, 1.0),
                new TechniqueTerms(null, null, PostCopyUse.NEVER),
                true);

        assertThat(choose(never, 9_500, 3_000).technique()).isEqualTo(Technique.PRE_COPY);
    }

    @Test
    void anSloOnTotalTimeCountsUntilTheSourceIsFree() {
        SloPolicy limited = new SloPolicy(
                "soon",
                0,
                "test",
                List.of(new Slo(Metric.TOTAL_TIME, 5_000, 1)),
                Map.of(Metric.DOWNTIME, 1.0),
                TechniqueTerms.FREE,
                true);

        Choice choice = choose(limited, 9_500, 3_000);

        assertThat(choice.technique()).isEqualTo(Technique.SCATTER_GATHER);
        assertThat(choice.scores().get(0).violations()).isZero();
        assertThat(choice.scores().get(1).violations()).isEqualTo(1);
    }

    @Test
    void aPolicyThatSaysNothingAboutTotalTimeCannotCountItDifferently() {
        assertThatThrownBy(() -> new SloPolicy(
                        "p", 0, "test", List.of(), Map.of(Metric.DOWNTIME, 1.0), TechniqueTerms.FREE, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neither limits nor optimises TT");
    }
}
