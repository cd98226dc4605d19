package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.plan.MigrationPlan;
import io.github.godwit.strategy.plan.PlannedMigration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is left of a scheduled plan, and what it becomes by a new schedule. Pure. */
final class RemainingMoves {

    private final Map<String, Action> byVm = new LinkedHashMap<>();

    /**
     * @param actions the actions of the plan
     */
    RemainingMoves(Collection<Action> actions) {
        actions.stream().filter(Readiness::isScheduled).forEach(action -> byVm.put(vm(action), action));
    }

    private static String vm(Action action) {
        return action.parameters().path("resource_id").asText();
    }

    /** Names of the VMs whose migrations have not begun. */
    Set<String> left() {
        return in(ActionState.PENDING).collect(Collectors.toSet());
    }

    /** Names of the VMs that have been moved. */
    Set<String> arrived() {
        return in(ActionState.SUCCEEDED).collect(Collectors.toSet());
    }

    /** The name of a VM that stays on its host, because its migration did not succeed; nothing if there is none. */
    Optional<String> stays() {
        return Stream.concat(in(ActionState.FAILED), in(ActionState.CANCELLED)).min(String::compareTo);
    }

    private Stream<String> in(ActionState state) {
        return byVm.entrySet().stream()
                .filter(each -> each.getValue().state() == state)
                .map(Map.Entry::getKey);
    }

    /** Whether the plan moves a VM. */
    boolean contains(String vm) {
        return byVm.containsKey(vm);
    }

    /**
     * Returns the actions of what is left as a new plan has decided them: technique, bandwidth, predictions, time and what they wait for.
     * Parents that are no migrations of the schedule, such as disabling a host, stay.
     *
     * @param plan    the new plan, for exactly what is left
     * @param elapsed seconds after the plan began at which the new schedule begins
     * @param limit   the time limit of each migration; empty for the one that follows from its prediction
     */
    List<Action> by(MigrationPlan plan, double elapsed, Optional<Duration> limit) {
        return plan.migrations().stream()
                .map(planned -> replanned(planned, elapsed, limit))
                .toList();
    }

    private Action replanned(PlannedMigration planned, double elapsed, Optional<Duration> limit) {
        Action action = byVm.get(planned.move().vm());
        Set<UUID> scheduled = byVm.values().stream().map(Action::uuid).collect(Collectors.toSet());
        List<UUID> parents = new ArrayList<>(action.parents());
        parents.removeAll(scheduled);
        planned.slot().stream()
                .flatMap(slot -> slot.after().stream())
                .map(byVm::get)
                .filter(Objects::nonNull)
                .forEach(parent -> parents.add(parent.uuid()));
        MigrateParameters made = MigrateParameters.read(action.parameters()).replannedBy(planned.later(elapsed));
        MigrateParameters parameters = limit.map(made::withTimeLimit).orElse(made);
        return action.replanned(parents, parameters.sentence(), Texts.mapper().valueToTree(parameters));
    }
}
