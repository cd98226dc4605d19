package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import java.util.List;

/** Says how a plan has ended. */
final class PlanEnd {

    private PlanEnd() {}

    /** Returns why a plan has failed, in sentences. */
    static String why(List<Action> actions, boolean rolledBack) {
        List<Action> planned =
                actions.stream().filter(action -> !action.rollsBack()).toList();
        List<Action> failed = planned.stream()
                .filter(action -> action.state() == ActionState.FAILED)
                .toList();
        List<Action> back = actions.stream().filter(Action::rollsBack).toList();
        return "%d of %d actions failed%s. The first: %s"
                .formatted(
                        failed.size(),
                        planned.size(),
                        rolledBack ? rollback(back) : "",
                        failed.get(0).statusMessage());
    }

    private static String rollback(List<Action> back) {
        long done = back.stream()
                .filter(action -> action.state() == ActionState.SUCCEEDED)
                .count();
        if (done < back.size()) {
            return "; only %d of %d actions of the rollback succeeded".formatted(done, back.size());
        }
        if (back.stream().anyMatch(action -> "migrate".equals(action.type()))) {
            return "; the VMs were moved back";
        }
        return back.stream().anyMatch(action -> "start".equals(action.type()))
                ? "; the servers were started again"
                : "; the hosts were put back as they were";
    }
}
