package io.github.godwit.model.select;

import static io.github.godwit.model.technique.Technique.AUTO_CONVERGE;
import static io.github.godwit.model.technique.Technique.POST_COPY;
import static io.github.godwit.model.technique.Technique.PRE_COPY;
import static io.github.godwit.model.technique.Technique.PRE_POST_COPY;
import static io.github.godwit.model.technique.Technique.ZSTD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.Predictions;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Policies that allow and forbid techniques. The policy of these tests prefers what is quickest. */
class TechniqueTermsTest {

    private static final TechniqueAvailability ALL = TechniqueAvailability.all();

    /** Total times: POST 1 s, DCZstd 2 s, PRE 4 s. */
    private static final Map<Technique, Prediction> POST_IS_QUICKEST = Map.of(
            POST_COPY, Predictions.of(1_000, 1, 1, 1, 1, 1),
            ZSTD, Predictions.of(2_000, 1, 1, 1, 1, 1),
            PRE_COPY, Predictions.of(4_000, 1, 1, 1, 1, 1));

    private final TechniqueSelector selector = new TechniqueSelector();

    private static SloPolicy quick(Set<Technique> allow, Set<Technique> forbid, PostCopyUse postcopy) {
        return new SloPolicy(
                "quick",
                3,
                "test",
                List.of(),
                Map.of(Metric.TOTAL_TIME, 1.0),
                new TechniqueTerms(allow, forbid, postcopy));
    }

    private Choice select(SloPolicy policy, Map<Technique, Prediction> predictions) {
        Choice choice = selector.select(ALL, predictions, policy);
        assertThat(selector.choose(ALL, PredictionTable.of(predictions), policy))
                .as("the choice without reasons")
                .isEqualTo(choice.technique());
        return choice;
    }

    private static String reason(Choice choice, Technique technique) {
        return choice.rejected().stream()
                .filter(rejection -> rejection.technique() == technique)
                .findFirst()
                .orElseThrow()
                .reason();
    }

    @Test
    void without_terms_the_quickest_is_chosen() {
        assertThat(select(quick(Set.of(), Set.of(), PostCopyUse.FREE), POST_IS_QUICKEST)
                        .technique())
                .isEqualTo(POST_COPY);
    }

    @Test
    void a_forbidden_technique_is_not_chosen_and_the_reason_names_policy_and_version() {
        Choice choice = select(quick(Set.of(), Set.of(POST_COPY), PostCopyUse.FREE), POST_IS_QUICKEST);

        assertThat(choice.technique()).isEqualTo(ZSTD);
        assertThat(reason(choice, POST_COPY)).isEqualTo("is forbidden by policy quick (version 3)");
    }

    @Test
    void an_allow_list_is_all_there_is_to_choose_from() {
        Choice choice = select(quick(Set.of(PRE_COPY), Set.of(), PostCopyUse.FREE), POST_IS_QUICKEST);

        assertThat(choice.technique()).isEqualTo(PRE_COPY);
        assertThat(reason(choice, ZSTD)).isEqualTo("is not among the techniques that policy quick (version 3) allows");
    }

    @Test
    void never_rules_out_every_technique_with_post_copy() {
        Choice choice = select(quick(Set.of(), Set.of(), PostCopyUse.NEVER), POST_IS_QUICKEST);

        assertThat(choice.technique()).isEqualTo(ZSTD);
        assertThat(reason(choice, POST_COPY)).isEqualTo("is forbidden by policy quick (version 3) (postcopy: never)");
        assertThat(reason(choice, PRE_POST_COPY)).isEqualTo(reason(choice, POST_COPY));
    }

    @Test
    void if_needed_uses_no_post_copy_while_a_technique_without_it_ends() {
        SloPolicy policy = quick(Set.of(), Set.of(), PostCopyUse.IF_NEEDED);

        Choice choice = select(policy, POST_IS_QUICKEST);

        assertThat(choice.technique()).isEqualTo(ZSTD);
        assertThat(reason(choice, POST_COPY)).startsWith("is not needed: PRE is expected to end");
    }

    @Test
    void if_needed_uses_post_copy_when_none_of_the_allowed_techniques_without_it_ends() {
        Map<Technique, Prediction> predictions = Map.of(
                POST_COPY, Predictions.of(1_000, 1, 1, 1, 1, 1),
                AUTO_CONVERGE, Predictions.of(3_000, 1, 1, 1, 1, 1),
                PRE_COPY, Predictions.endless(4_000, 1, 1, 1, 1, 1));

        assertThat(select(quick(Set.of(), Set.of(), PostCopyUse.IF_NEEDED), predictions)
                        .technique())
                .isEqualTo(AUTO_CONVERGE);
        assertThat(select(quick(Set.of(), Set.of(AUTO_CONVERGE), PostCopyUse.IF_NEEDED), predictions)
                        .technique())
                .isEqualTo(POST_COPY);
    }

    @Test
    void terms_that_contradict_themselves_are_refused() {
        assertThatThrownBy(() -> new TechniqueTerms(Set.of(ZSTD), Set.of(ZSTD), PostCopyUse.FREE))
                .hasMessageContaining("DCZstd is both allowed and forbidden");
        assertThatThrownBy(() -> new TechniqueTerms(Set.of(POST_COPY), Set.of(), PostCopyUse.NEVER))
                .hasMessageContaining("No technique is left");
        assertThatThrownBy(() -> new TechniqueTerms(Set.of(), Set.of(Technique.values()), PostCopyUse.FREE))
                .hasMessageContaining("No technique is left");
    }

    @Test
    void the_shipped_policies_use_every_technique() {
        assertThat(SloPolicies.shipped().all()).allSatisfy(policy -> {
            assertThat(policy.techniques()).isEqualTo(TechniqueTerms.FREE);
            assertThat(policy.version()).isZero();
        });
    }
}
