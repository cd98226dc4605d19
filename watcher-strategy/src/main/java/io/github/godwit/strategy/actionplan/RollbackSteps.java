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

/** The actions that undo a plan: they move its VMs back and enable the hosts it disabled, in reverse order, one at a time. */
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
            } else if (disables(moved)) {
                parameters = moved.parameters().deepCopy();
                parameters.put("state", "enabled");
                sentence = "Enable host " + parameters.path("resource_id").asText();
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

    private static boolean disables(Action action) {
        return "change_nova_service_state".equals(action.type())
                && "disabled".equals(action.parameters().path("state").asText());
    }
}
