package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which actions of a plan can begin. Pure.
 *
 * <p>An action begins after its parents, except for what is {@link OrderAhead ordered ahead}. No more migrations of the plan run at a time than the plan allows, and no more than the
 * {@link MigrationBudget} that all plans share has room for.
 *
 * <p>A migration for which there is no room is queued. For {@link #PATIENCE} others may overtake it if they fit; after that, those that have
 * come later leave it what it needs. The oldest one therefore waits only for those that run already, however many plans compete. One
 * that only an older one in the queue is in the way of does not hold anything itself, so that a queue at one host does not spread to others.
 */
final class Readiness {

    /** How long a queued migration may be overtaken by later ones. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String NO_ROOM =
            "Waiting. The running migrations leave no room for it on its hosts or on the links between them.";

    private final Supplier<MigrationBudget> budgets;

    /**
     * @param budgets makes an empty budget
     */
    Readiness(Supplier<MigrationBudget> budgets) {
        this.budgets = budgets;
    }

    /**
     * The migrations of all plans, as they are stored. Those of the plan that is decided about may be among them.
     *
     * @param running those that run
     * @param queued  provides those that wait for a place; called only if one could begin
     */
    record Others(Collection<Action> running, Supplier<? extends Collection<Action>> queued) {}

    /**
     * What a pending action waits for.
     *
     * @param action  the action, as it is stored
     * @param readyAt since when it could begin but for that, or null
     * @param queued  whether that is a place in the budget
     * @param message its status message, or null
     */
    record Wait(Action action, Instant readyAt, boolean queued, String message) {

        private boolean isStored() {
            return Objects.equals(readyAt, action.execution().readyAt())
                    && queued == action.execution().queued()
                    && Objects.equals(message, action.statusMessage());
        }
    }

    /**
     * The next changes of a plan.
     *
     * @param begin  actions that can begin now
     * @param queue  migrations that only wait for a place in the budget
     * @param ready  actions that could begin but for another reason, or for the number of migrations of this plan
     * @param giveUp actions that cannot begin any more, since an action that they need did not succeed
     */
    record Next(List<Action> begin, List<Action> queue, List<Action> ready, List<Action> giveUp) {

        /**
         * What is to be stored about those that wait.
         *
         * @param actions all actions of the plan, in their order
         * @param blocked why actions cannot begin now though they are ready, by UUID; the reason may be null
         */
        List<Wait> waits(Collection<Action> actions, Map<UUID, String> blocked, Instant now) {
            return actions.stream()
                    .filter(action -> action.state() == ActionState.PENDING)
                    .filter(action -> !begin.contains(action) && !giveUp.contains(action))
                    .map(action -> wait(action, blocked, now))
                    .filter(wait -> !wait.isStored())
                    .toList();
        }

        private Wait wait(Action action, Map<UUID, String> blocked, Instant now) {
            boolean queued = queue.contains(action);
            if (queued || blocked.containsKey(action.uuid())) {
                return new Wait(action, since(action, now), queued, queued ? NO_ROOM : blocked.get(action.uuid()));
            }
            return new Wait(action, ready.contains(action) ? action.execution().readyAt() : null, false, null);
        }
    }

    /**
     * Decides.
     *
     * @param plan    the plan
     * @param actions all of its actions, in their order
     * @param others  the migrations of all plans
     * @param blocked UUIDs of actions that cannot begin now for another reason
     * @param now     the current time
     */
    Next next(ActionPlan plan, Collection<Action> actions, Others others, Set<UUID> blocked, Instant now) {
        Map<UUID, Action> byUuid = actions.stream().collect(Collectors.toMap(Action::uuid, Function.identity()));
        boolean stop = plan.onFailure() != OnFailure.GO_ON
                && actions.stream().anyMatch(action -> action.state() == ActionState.FAILED);
        List<Action> own = actions.stream()
                .filter(action -> MigrationBudget.migrates(action) && runs(action))
                .toList();
        MigrationBudget budget = budgets.get();
        Map<UUID, Action> passedOn = OrderAhead.passedOn(own, byUuid);
        own.stream().filter(action -> !passedOn.containsValue(action)).forEach(budget::add);
        passedOn.values().forEach(budget::addQueued);
        others.running().stream()
                .filter(action -> !byUuid.containsKey(action.uuid()) || !runs(byUuid.get(action.uuid())))
                .forEach(budget::add);
        int free = Math.max(1, plan.parallel()) - own.size();
        Next next = new Next(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<Action> pending = actions.stream()
                .filter(action -> action.state() == ActionState.PENDING)
                .toList();
        for (Action action : pending) {
            boolean migrates = MigrationBudget.migrates(action);
            if (lost(action, byUuid) || (stop && !action.rollsBack())) {
                next.giveUp().add(action);
            } else if (!parentsEnded(action, byUuid)) {
                OrderAhead.of(action, byUuid, now)
                        .filter(leaving -> !passedOn.containsKey(leaving.uuid())
                                && !blocked.contains(action.uuid())
                                && budget.fitsAfter(leaving, action))
                        .ifPresent(leaving -> {
                            passedOn.put(leaving.uuid(), action);
                            budget.addQueued(action);
                            next.begin().add(action);
                        });
            } else {
                if (blocked.contains(action.uuid()) || (migrates && free <= 0)) {
                    next.ready().add(action);
                } else if (!migrates) {
                    next.begin().add(action);
                } else if (budget.fits(action)
                        && leavesEnough(action, budget, queue(others, byUuid.keySet(), next.queue()), now)) {
                    budget.add(action);
                    next.begin().add(action);
                    free--;
                } else {
                    next.queue().add(action);
                }
            }
        }
        while (next.queue().size() > Math.max(0, free)) {
            next.ready().add(next.queue().remove(next.queue().size() - 1));
        }
        return next;
    }

    private static List<Action> queue(Others others, Set<UUID> own, List<Action> queuedHere) {
        return Stream.concat(
                        others.queued().get().stream().filter(action -> !own.contains(action.uuid())),
                        queuedHere.stream())
                .toList();
    }

    /**
     * Returns the queued migrations that can begin now, if all of them were decided about at once, the oldest first.
     *
     * @param others the migrations of all plans
     * @param now    the current time
     */
    List<Action> served(Others others, Instant now) {
        MigrationBudget budget = budgets.get();
        others.running().forEach(budget::add);
        List<Action> queue =
                others.queued().get().stream().sorted(byAge(now)).collect(Collectors.toCollection(ArrayList::new));
        List<Action> served = new ArrayList<>();
        for (Action action : List.copyOf(queue)) {
            if (budget.fits(action) && leavesEnough(action, budget, queue, now)) {
                budget.add(action);
                queue.remove(action);
                served.add(action);
            }
        }
        return served;
    }

    /** Whether a migration that fits leaves those what they need that have been queued for longer, and too long. */
    private static boolean leavesEnough(Action action, MigrationBudget budget, List<Action> queue, Instant now) {
        MigrationBudget held = budget.copy();
        queue.stream()
                .filter(older -> Duration.between(since(older, now), now).compareTo(PATIENCE) >= 0)
                .filter(older -> byAge(now).compare(older, action) < 0)
                .sorted(byAge(now))
                .forEach(older -> {
                    if (!budget.fits(older) || held.fits(older)) {
                        held.add(older);
                    }
                });
        return held.fits(action);
    }

    private static Comparator<Action> byAge(Instant now) {
        return Comparator.comparing((Action action) -> since(action, now)).thenComparing(Action::uuid);
    }

    private static Instant since(Action action, Instant now) {
        return Optional.ofNullable(action.execution().readyAt()).orElse(now);
    }

    private static boolean runs(Action action) {
        return action.state() == ActionState.ONGOING || action.state() == ActionState.CANCELLING;
    }

    private static boolean parentsEnded(Action action, Map<UUID, Action> byUuid) {
        return action.parents().stream()
                .map(byUuid::get)
                .filter(Objects::nonNull)
                .allMatch(parent -> parent.state().isFinal());
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
}
