package io.github.godwit.strategy.actionplan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.Action.Execution;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.plan.Racks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The transfer of "a" began at second 100 and was predicted to take 12 s. */
class OrderAheadTest {

    private static final UUID PLAN = new UUID(0, 1);
    private static final Instant TOO_EARLY = Instant.ofEpochSecond(101);
    private static final Instant NEAR_THE_END = Instant.ofEpochSecond(102);

    private final List<Action> actions = new ArrayList<>();

    private Action add(String vm, String from, Instant transfersSince, Action... parents) {
        ObjectNode parameters = JsonNodeFactory.instance
                .objectNode()
                .put("resource_id", vm)
                .put("source_node", from)
                .put("destination_node", "h9");
        parameters.putObject("schedule");
        parameters.putObject("predicted").putObject("TT").put("value", 12_000);
        Action action = new Action(
                actions.size(),
                new UUID(1, actions.size()),
                PLAN,
                "migrate",
                transfersSince == null ? ActionState.PENDING : ActionState.ONGOING,
                List.of(parents).stream().map(Action::uuid).toList(),
                "",
                parameters,
                null,
                null,
                Instant.EPOCH,
                null,
                new Execution(null, false, null, null, null, false, transfersSince));
        actions.add(action);
        return action;
    }

    private Action transferring(String vm) {
        return add(vm, "h1", Instant.ofEpochSecond(100));
    }

    private List<Action> begin(int concurrent, Instant now, Set<String> apart) {
        ActionPlan plan = new ActionPlan(
                1,
                PLAN,
                PLAN,
                "actuator",
                ActionPlanState.ONGOING,
                JsonNodeFactory.instance.arrayNode(),
                JsonNodeFactory.instance.arrayNode(),
                OnFailure.GO_ON,
                9,
                null,
                null,
                Instant.EPOCH,
                null);
        return new Readiness(() -> new MigrationBudget(host -> concurrent, Racks.NONE, List.of(apart)))
                .next(plan, actions, new Readiness.Others(List.of(), List::of), Set.of(), now)
                .begin();
    }

    @Test
    void theNextMigrationIsOrderedShortlyBeforeTheEndOfTheOneBeforeIt() {
        Action next = add("b", "h1", null, transferring("a"));

        assertThat(begin(1, TOO_EARLY, Set.of())).isEmpty();
        assertThat(begin(1, NEAR_THE_END, Set.of())).containsExactly(next);
        assertThat(OrderAhead.isPossible(actions)).isTrue();
    }

    @Test
    void onePlaceIsPassedOnOnce() {
        Action first = transferring("a");
        Action second = transferring("e");
        Action next = add("b", "h1", null, first);
        add("c", "h1", null, first);
        Action other = add("d", "h1", null, second);

        assertThat(begin(2, NEAR_THE_END, Set.of())).containsExactly(next, other);
    }

    @Test
    void whatWasOrderedAheadTakesNoPlaceBesideTheOneThatItWaitsFor() {
        Action first = transferring("a");
        Action ahead = add("b", "h1", Instant.EPOCH, first);
        add("c", "h1", null, first);
        add("d", "h1", null, ahead);
        Action second = transferring("e");
        Action next = add("f", "h1", null, second);

        assertThat(begin(2, NEAR_THE_END, Set.of())).contains(next).doesNotContain(actions.get(2));
    }

    @Test
    void aMigrationThatNovaWouldNotQueueWaitsForTheEnd() {
        add("b", "h1", null, transferring("a"));

        assertThat(begin(2, NEAR_THE_END, Set.of())).as("Nova has room").isEmpty();
        assertThat(begin(0, NEAR_THE_END, Set.of())).as("there is no limit").isEmpty();
    }

    @Test
    void whatWaitsForMoreThanThatPlaceIsNotOrderedAhead() {
        Action first = transferring("a");
        add("b", "h2", null, first);
        add("c", "h1", null, first, add("d", "h3", Instant.ofEpochSecond(100)));

        assertThat(begin(1, NEAR_THE_END, Set.of())).isEmpty();
    }

    @Test
    void vmsThatMustBeApartAreNeverOrderedBesideEachOther() {
        add("b", "h1", null, transferring("a"));

        assertThat(begin(1, NEAR_THE_END, Set.of("a", "b"))).isEmpty();
    }
}
