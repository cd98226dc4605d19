package io.github.godwit.strategy.actionplan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.ColdMigrateParameters;
import io.github.godwit.strategy.objects.PlanDraft.Step;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RollbackStepsTest {

    private static final UUID PLAN = new UUID(0, 1);
    private static final Step COLD = Step.coldMigrate(new ColdMigrateParameters("s", "h1", null), "my-s", List.of());

    private static Action done(Step step, ActionState state, JsonNode result) {
        return new Action(
                1,
                UUID.randomUUID(),
                PLAN,
                step.type(),
                state,
                List.of(),
                step.description(),
                step.parameters(),
                null,
                result,
                Instant.EPOCH,
                null);
    }

    @Test
    void whatWasStoppedIsStartedAndWhatWasMigratedColdComesBackFromWhereNovaSentIt() {
        JsonNode sent = JsonNodeFactory.instance.objectNode().put("destination_node", "h7");
        List<Action> back = RollbackSteps.of(
                PLAN,
                List.of(
                        done(Step.stop("a", "my-a", List.of()), ActionState.SUCCEEDED, null),
                        done(COLD, ActionState.SUCCEEDED, sent)),
                Instant.EPOCH);
        assertThat(back).extracting(Action::type).containsExactly("migrate", "start");
        assertThat(back.get(0).description()).isEqualTo("Roll back. Cold-migrate server s from h7 to h1");
        assertThat(ColdMigrateParameters.read(back.get(0).parameters()))
                .isEqualTo(new ColdMigrateParameters("s", "h7", "h1"));
        assertThat(back.get(1).description()).isEqualTo("Roll back. Start server a");
        assertThat(back.get(1).parents()).containsExactly(back.get(0).uuid());
        assertThat(back).allMatch(Action::rollsBack);
    }

    /** In reverse order h1 would be enabled last, and Nova would send nothing back to it until then. */
    @Test
    void hostsThatThePlanDisabledAreEnabledBeforeAnythingComesBackAndThoseItEnabledAreDisabledLast() {
        JsonNode sent = JsonNodeFactory.instance.objectNode().put("destination_node", "h7");
        Step enable = new Step(
                "change_nova_service_state",
                JsonNodeFactory.instance.objectNode().put("resource_id", "h7").put("state", "enabled"),
                "",
                List.of());
        List<Action> back = RollbackSteps.of(
                PLAN,
                List.of(
                        done(enable, ActionState.SUCCEEDED, before("disabled")),
                        done(Step.disable("h1", "maintenance", List.of()), ActionState.SUCCEEDED, before("enabled")),
                        done(COLD, ActionState.SUCCEEDED, sent),
                        done(Step.disable("h2", "maintenance", List.of()), ActionState.SUCCEEDED, before("enabled"))),
                Instant.EPOCH);
        assertThat(back)
                .extracting(Action::description)
                .containsExactly(
                        "Roll back. Enable host h2",
                        "Roll back. Enable host h1",
                        "Roll back. Cold-migrate server s from h7 to h1",
                        "Roll back. Disable host h7 again (without a reason)");
        assertThat(back.get(2).parents()).containsExactly(back.get(1).uuid());
    }

    private static JsonNode before(String state) {
        JsonNode before = JsonNodeFactory.instance.objectNode().put("state", state);
        return JsonNodeFactory.instance.objectNode().set("before", before);
    }

    @Test
    void whatDidNotSucceedOrHasNoKnownDestinationStaysAsItIs() {
        assertThat(RollbackSteps.of(
                        PLAN,
                        List.of(
                                done(Step.stop("a", "my-a", List.of()), ActionState.SKIPPED, null),
                                done(COLD, ActionState.SUCCEEDED, null)),
                        Instant.EPOCH))
                .isEmpty();
    }
}
