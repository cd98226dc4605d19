package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which actions of a plan can begin. Pure.
 *
 * <p>An action begins after its parents. No more migrations run at a time than the plan allows, and a host is the source or the
 * destination of one migration at a time: two would share its link, which the predictions do not assume. Two VMs of an
 * anti-affinity group never migrate at the same time, since Nova's own check does not see running migrations.
 */
final class Readiness {

    private final List<Set<String>> apart;

    /**
     * @param apart groups of VMs, by name, of which no two may migrate at the same time
     */
    Readiness(List<Set<String>> apart) {
        this.apart = List.copyOf(apart);
    }

    /**
     * The next changes of a plan.
     *
     * @param begin  actions that can begin now
     * @param giveUp actions that cannot begin any more, since an action that they need did not succeed
     */
    record Next(List<Action> begin, List<Action> giveUp) {}

    Next next(ActionPlan plan, Collection<Action> actions) {
        Map<UUID, Action> byUuid = actions.stream().collect(Collectors.toMap(Action::uuid, Function.identity()));
        boolean stop = plan.onFailure() != OnFailure.GO_ON
                && actions.stream().anyMatch(action -> action.state() == ActionState.FAILED);
        Busy busy = new Busy(apart);
        actions.stream()
                .filter(action -> action.state() == ActionState.ONGOING || action.state() == ActionState.CANCELLING)
                .forEach(busy::add);
        List<Action> begin = new ArrayList<>();
        List<Action> giveUp = new ArrayList<>();
        for (Action action : actions) {
            if (action.state() != ActionState.PENDING) {
                continue;
            }
            List<ActionState> parents = action.parents().stream()
                    .map(byUuid::get)
                    .filter(java.util.Objects::nonNull)
                    .map(Action::state)
                    .toList();
            boolean lost =
                    parents.stream().anyMatch(state -> state == ActionState.FAILED || state == ActionState.CANCELLED);
            if (lost || (stop && !isRollback(action))) {
                giveUp.add(action);
            } else if (parents.stream().allMatch(ActionState::isFinal) && busy.fits(action, plan.parallel())) {
                busy.add(action);
                begin.add(action);
            }
        }
        return new Next(begin, giveUp);
    }

    /** Whether an action moves back what another one of its plan moved. */
    static boolean isRollback(Action action) {
        return action.parameters().hasNonNull(RollbackSteps.ROLLBACK_OF);
    }

    /** The hosts and VMs of running migrations. */
    private static final class Busy {
        private final List<Set<String>> apart;
        private final Set<String> hosts = new HashSet<>();
        private final Set<String> vms = new HashSet<>();
        private int migrations;

        Busy(List<Set<String>> apart) {
            this.apart = apart;
        }

        private static boolean migrates(Action action) {
            return "migrate".equals(action.type());
        }

        private static String text(Action action, String key) {
            return action.parameters().path(key).asText();
        }

        boolean fits(Action action, int parallel) {
            if (!migrates(action)) {
                return true;
            }
            String vm = text(action, "resource_id");
            boolean grouped = apart.stream()
                    .anyMatch(group -> group.contains(vm) && vms.stream().anyMatch(group::contains));
            return migrations < Math.max(1, parallel)
                    && !hosts.contains(text(action, "source_node"))
                    && !hosts.contains(text(action, "destination_node"))
                    && !grouped;
        }

        void add(Action action) {
            if (migrates(action)) {
                migrations++;
                hosts.add(text(action, "source_node"));
                hosts.add(text(action, "destination_node"));
                vms.add(text(action, "resource_id"));
            }
        }
    }
}
