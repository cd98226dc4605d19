package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.Texts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The actions that move back what a plan moved, the last first, one after the other. Pure but for the new UUIDs. */
final class RollbackSteps {

    /** Parameter that names the action which one moves back. */
    static final String ROLLBACK_OF = "rollback_of";

    private RollbackSteps() {}

    static List<Action> of(UUID plan, List<Action> actions, Instant now) {
        List<Action> steps = new ArrayList<>();
        for (int i = actions.size() - 1; i >= 0; i--) {
            Action moved = actions.get(i);
            if (!"migrate".equals(moved.type()) || moved.state() != ActionState.SUCCEEDED) {
                continue;
            }
            MigrateParameters back = MigrateParameters.read(moved.parameters())
                    .back("It was moved by this plan, of which another action failed.");
            ObjectNode parameters = Texts.mapper().valueToTree(back);
            parameters.put(ROLLBACK_OF, moved.uuid().toString());
            steps.add(new Action(
                    0,
                    UUID.randomUUID(),
                    plan,
                    "migrate",
                    ActionState.PENDING,
                    steps.isEmpty()
                            ? List.of()
                            : List.of(steps.get(steps.size() - 1).uuid()),
                    "Roll back. " + back.sentence(),
                    parameters,
                    null,
                    null,
                    now,
                    null));
        }
        return steps;
    }
}
