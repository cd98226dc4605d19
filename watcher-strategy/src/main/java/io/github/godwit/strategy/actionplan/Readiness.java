package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Which actions of a plan can begin. Pure.
 *
 * <p>An action begins after its parents. No more migrations of the plan run at a time than the plan allows, and no more than the
 * {@link MigrationBudget} that all plans share has room for.
 */
final class Readiness {

    private final Supplier<MigrationBudget> budgets;

    /**
     * @param budgets makes an empty budget
     */
    Readiness(Supplier<MigrationBudget> budgets) {
        this.budgets = budgets;
    }

    /**
     * The next changes of a plan.
     *
     * @param begin  actions that can begin now
     * @param giveUp actions that cannot begin any more, since an action that they need did not succeed
     */
    record Next(List<Action> begin, List<Action> giveUp) {}

    /**
     * Decides.
     *
     * @param plan    the plan
     * @param actions all of its actions, in their order
     * @param running the running migrations of all plans; those of this plan may be among them
     */
    Next next(ActionPlan plan, Collection<Action> actions, Collection<Action> running) {
        Map<UUID, Action> byUuid = actions.stream().collect(Collectors.toMap(Action::uuid, Function.identity()));
        boolean stop = plan.onFailure() != OnFailure.GO_ON
                && actions.stream().anyMatch(action -> action.state() == ActionState.FAILED);
        MigrationBudget budget = budgets.get();
        List<Action> own = actions.stream()
                .filter(action -> MigrationBudget.migrates(action) && runs(action))
                .toList();
        Set<UUID> known = own.stream().map(Action::uuid).collect(Collectors.toSet());
        own.forEach(budget::add);
        running.stream().filter(action -> !known.contains(action.uuid())).forEach(budget::add);
        int migrations = own.size();
        List<Action> begin = new ArrayList<>();
        List<Action> giveUp = new ArrayList<>();
        for (Action action : actions) {
            if (action.state() != ActionState.PENDING) {
                continue;
            }
            List<ActionState> parents = action.parents().stream()
                    .map(byUuid::get)
                    .filter(Objects::nonNull)
                    .map(Action::state)
                    .toList();
            boolean migrates = MigrationBudget.migrates(action);
            if (lost(action, byUuid) || (stop && !isRollback(action))) {
                giveUp.add(action);
            } else if (parents.stream().allMatch(ActionState::isFinal)
                    && !(migrates && migrations >= Math.max(1, plan.parallel()))
                    && budget.fits(action)) {
                budget.add(action);
                migrations += migrates ? 1 : 0;
                begin.add(action);
            }
        }
        return new Next(begin, giveUp);
    }

    private static boolean runs(Action action) {
        return action.state() == ActionState.ONGOING || action.state() == ActionState.CANCELLING;
    }

    /**
     * Whether an action cannot begin any more, since an action that it needs did not succeed. A migration that only waits for the place of
     * another one in the schedule begins nevertheless.
     */
    private static boolean lost(Action action, Map<UUID, Action> byUuid) {
        boolean scheduled = isScheduled(action);
        return action.parents().stream()
                .map(byUuid::get)
                .filter(Objects::nonNull)
                .filter(parent -> !(scheduled && isScheduled(parent)))
                .map(Action::state)
                .anyMatch(state -> state == ActionState.FAILED || state == ActionState.CANCELLED);
    }

    /** Whether an action is a migration that has a time in a schedule. */
    static boolean isScheduled(Action action) {
        return MigrationBudget.migrates(action) && action.parameters().hasNonNull("schedule");
    }

    /** Whether an action moves back what another one of its plan moved. */
    static boolean isRollback(Action action) {
        return action.parameters().hasNonNull(RollbackSteps.ROLLBACK_OF);
    }
}
