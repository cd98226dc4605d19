package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.MigrateParameters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The actions that undo a plan: they move its VMs back and put the state of its hosts back, in reverse order, one at a time. */
final class RollbackSteps {

    /** Parameter with the UUID of the action that an action undoes. */
    static final String ROLLBACK_OF = "rollback_of";

    private RollbackSteps() {}

    static List<Action> of(UUID plan, List<Action> actions, Instant now) {
        List<Action> steps = new ArrayList<>();
        for (int i = actions.size() - 1; i >= 0; i--) {
            Action moved = actions.get(i);
            if (moved.state() != ActionState.SUCCEEDED) {
                continue;
            }
            ObjectNode parameters;
            String sentence;
            if ("migrate".equals(moved.type())) {
                MigrateParameters back = MigrateParameters.read(moved.parameters())
                        .back("Another action of the plan that moved it failed.");
                parameters = Texts.mapper().valueToTree(back);
                sentence = back.sentence();
            } else if ("change_nova_service_state".equals(moved.type())) {
                parameters = ServiceStateHandler.undone(moved);
                if (parameters == null) {
                    continue; // what the host was like before is not known, so that it stays as it is
                }
                sentence = ServiceStateHandler.sentence(parameters);
            } else {
                continue;
            }
            parameters.put(ROLLBACK_OF, moved.uuid().toString());
            List<UUID> parents = steps.isEmpty()
                    ? List.of()
                    : List.of(steps.get(steps.size() - 1).uuid());
            steps.add(Action.pending(plan, moved.type(), parents, "Roll back. " + sentence, parameters, now));
        }
        return steps;
    }
}
