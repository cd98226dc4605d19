package io.github.godwit.strategy.actionplan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.actionplan.Readiness.Others;
import io.github.godwit.strategy.actionplan.Readiness.Wait;
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
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static final UUID PLAN = new UUID(0, 1);

    private final List<Action> actions = new ArrayList<>();
    private final List<Action> running = new ArrayList<>();

    private Action add(String vm, String from, String to, ActionState state, Action... parents) {
        ObjectNode parameters = JsonNodeFactory.instance
                .objectNode()
                .put("resource_id", vm)
                .put("source_node", from)
                .put("destination_node", to);
        Action action = new Action(
                actions.size(),
                new UUID(1, actions.size()),
                PLAN,
                "migrate",
                state,
                List.of(parents).stream().map(Action::uuid).toList(),
                "",
                parameters,
                null,
                null,
                Instant.EPOCH,
                null);
        actions.add(action);
        return action;
    }

    private static ActionPlan plan(OnFailure onFailure, int parallel) {
        return new ActionPlan(
                1,
                PLAN,
                PLAN,
                "actuator",
                ActionPlanState.ONGOING,
                JsonNodeFactory.instance.arrayNode(),
                JsonNodeFactory.instance.arrayNode(),
                onFailure,
                parallel,
                null,
                null,
                Instant.EPOCH,
                null);
    }

    /** Each host may be the source of one migration at a time. */
    private Readiness.Next next(OnFailure onFailure, int parallel, Set<String> apart) {
        return new Readiness(() -> new MigrationBudget(host -> 1, Racks.NONE, List.of(apart)))
                .next(plan(onFailure, parallel), actions, new Others(running, List::of), Set.of(), Instant.EPOCH);
    }

    @Test
    void aHostIsTheSourceOfAsManyMigrationsAsItMayBe() {
        add("a", "h1", "h2", ActionState.PENDING);
        add("b", "h1", "h3", ActionState.PENDING);
        add("c", "h3", "h4", ActionState.PENDING);

        assertThat(next(OnFailure.GO_ON, 5, Set.of()).begin()).containsExactly(actions.get(0), actions.get(2));
        assertThat(next(OnFailure.GO_ON, 5, Set.of()).queue()).containsExactly(actions.get(1));
        assertThat(next(OnFailure.GO_ON, 1, Set.of()).begin()).containsExactly(actions.get(0));
        assertThat(next(OnFailure.GO_ON, 1, Set.of()).ready())
                .as("the plan itself has no place left")
                .containsExactly(actions.get(1), actions.get(2));
    }

    @Test
    void whatIsBlockedTakesNoPlace() {
        Action busy = add("a", "h1", "h2", ActionState.PENDING);
        Action other = add("b", "h1", "h3", ActionState.PENDING);

        Readiness.Next next = new Readiness(() -> new MigrationBudget(host -> 1, Racks.NONE, List.of()))
                .next(
                        plan(OnFailure.GO_ON, 1),
                        actions,
                        new Others(running, List::of),
                        Set.of(busy.uuid()),
                        Instant.EPOCH);

        assertThat(next.begin()).containsExactly(other);
        assertThat(next.queue()).isEmpty();
        assertThat(next.waits(actions, Map.of(busy.uuid(), "Waiting. Busy."), Instant.EPOCH))
                .containsExactly(new Wait(busy, Instant.EPOCH, false, "Waiting. Busy."));
    }

    @Test
    void whatIsQueuedKeepsItsAgeAndIsStoredOnce() {
        add("a", "h1", "h2", ActionState.ONGOING);
        Action queued = add("b", "h1", "h3", ActionState.PENDING);
        Wait first = next(OnFailure.GO_ON, 2, Set.of())
                .waits(actions, Map.of(), Instant.ofEpochSecond(5))
                .get(0);
        assertThat(first.queued()).isTrue();
        assertThat(first.readyAt()).isEqualTo(Instant.ofEpochSecond(5));
        assertThat(first.message()).startsWith("Waiting. The running migrations leave no room");

        actions.set(1, stored(queued, first));
        assertThat(next(OnFailure.GO_ON, 2, Set.of()).waits(actions, Map.of(), Instant.ofEpochSecond(9)))
                .isEmpty();

        actions.set(0, add("c", "h5", "h6", ActionState.ONGOING)); // h1 is free, but the plan has no place left
        actions.remove(2);
        assertThat(next(OnFailure.GO_ON, 1, Set.of()).waits(actions, Map.of(), Instant.ofEpochSecond(9)))
                .containsExactly(new Wait(actions.get(1), Instant.ofEpochSecond(5), false, null));
    }

    private static Action stored(Action action, Wait wait) {
        return new Action(
                action.id(),
                action.uuid(),
                action.planUuid(),
                action.type(),
                action.state(),
                action.parents(),
                action.description(),
                action.parameters(),
                wait.message(),
                null,
                action.createdAt(),
                null,
                new Execution(wait.readyAt(), wait.queued(), null, null, null, false, null));
    }

    @Test
    void vmsThatMustBeApartDoNotMoveAtOnce() {
        add("a", "h1", "h2", ActionState.ONGOING);
        add("b", "h3", "h4", ActionState.PENDING);

        assertThat(next(OnFailure.GO_ON, 5, Set.of("a", "b")).begin()).isEmpty();
        assertThat(next(OnFailure.GO_ON, 5, Set.of("a", "c")).begin()).hasSize(1);
    }

    @Test
    void childrenWaitForTheirParentsAndAreGivenUpWithThem() {
        Action parent = add("a", "h1", "h2", ActionState.ONGOING);
        add("b", "h3", "h4", ActionState.PENDING, parent);
        assertThat(next(OnFailure.GO_ON, 5, Set.of()).begin()).isEmpty();

        actions.clear();
        Action failed = add("a", "h1", "h2", ActionState.FAILED);
        Action child = add("b", "h3", "h4", ActionState.PENDING, failed);
        Action other = add("c", "h5", "h6", ActionState.PENDING);
        assertThat(next(OnFailure.GO_ON, 5, Set.of()).giveUp()).containsExactly(child);
        assertThat(next(OnFailure.GO_ON, 5, Set.of()).begin()).containsExactly(other);
    }

    @Test
    void afterAFailureNothingMoreIsBegunWhereThatIsAskedFor() {
        add("a", "h1", "h2", ActionState.FAILED);
        Action other = add("c", "h5", "h6", ActionState.PENDING);
        assertThat(next(OnFailure.STOP, 5, Set.of()).giveUp()).containsExactly(other);
        assertThat(next(OnFailure.ROLLBACK, 5, Set.of()).giveUp()).containsExactly(other);
    }

    @Test
    void whatRunsInOtherPlansCounts() {
        running.add(add("a", "h1", "h2", ActionState.ONGOING));
        actions.clear();
        add("b", "h1", "h3", ActionState.PENDING);
        Action elsewhere = add("c", "h4", "h5", ActionState.PENDING);

        assertThat(next(OnFailure.GO_ON, 1, Set.of()).begin()).containsExactly(elsewhere);
        assertThat(next(OnFailure.GO_ON, 1, Set.of("a", "c")).begin()).isEmpty();
    }

    @Test
    void theRunningMigrationsOfThePlanItselfCountOnce() {
        running.add(add("a", "h1", "h2", ActionState.ONGOING));
        add("b", "h3", "h4", ActionState.PENDING);

        assertThat(next(OnFailure.GO_ON, 2, Set.of()).begin()).hasSize(1);
    }

    @Test
    void aMigrationThatOnlyWaitsForItsPlaceBeginsAlsoAfterAFailure() {
        Action failed = add("a", "h1", "h2", ActionState.FAILED);
        Action next = add("b", "h1", "h3", ActionState.PENDING, failed);
        scheduled(failed);
        scheduled(next);

        assertThat(next(OnFailure.GO_ON, 5, Set.of()).begin()).containsExactly(next);
        assertThat(next(OnFailure.STOP, 5, Set.of()).giveUp()).containsExactly(next);
    }

    private static void scheduled(Action action) {
        ((ObjectNode) action.parameters()).putObject("schedule");
    }

    @Test
    void aSkippedParentIsNoObstacle() {
        Action skipped = add("a", "h1", "h2", ActionState.SKIPPED);
        Action child = add("b", "h3", "h4", ActionState.PENDING, skipped);
        assertThat(next(OnFailure.GO_ON, 5, Set.of()).begin()).containsExactly(child);
    }
}
