package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.ColdMigrateParameters;
import io.github.godwit.strategy.objects.MigrateParameters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The actions that undo a plan: they move its VMs back, start the servers that it stopped and put the state of its hosts back, in reverse
 * order, one at a time.
 */
final class RollbackSteps {

    /** Parameter with the UUID of the action that an action undoes. */
    static final String ROLLBACK_OF = "rollback_of";

    private RollbackSteps() {}

    /**
     * What undoes an action.
     *
     * @param type       type of the new action
     * @param parameters its input
     * @param sentence   what it does, as a sentence
     */
    private record Undo(String type, ObjectNode parameters, String sentence) {}

    static List<Action> of(UUID plan, List<Action> actions, Instant now) {
        List<Action> steps = new ArrayList<>();
        for (int i = actions.size() - 1; i >= 0; i--) {
            Action done = actions.get(i);
            Optional<Undo> undo = done.state() == ActionState.SUCCEEDED ? undo(done) : Optional.empty();
            if (undo.isPresent()) {
                ObjectNode parameters =
                        undo.get().parameters().put(ROLLBACK_OF, done.uuid().toString());
                List<UUID> parents = steps.isEmpty()
                        ? List.of()
                        : List.of(steps.get(steps.size() - 1).uuid());
                String sentence = "Roll back. " + undo.get().sentence();
                steps.add(Action.pending(plan, undo.get().type(), parents, sentence, parameters, now));
            }
        }
        return steps;
    }

    /** Returns nothing for an action that need not be undone, or of which it is not known what was there before. */
    private static Optional<Undo> undo(Action done) {
        JsonNode input = done.parameters();
        return switch (done.type()) {
            case "migrate" -> ColdMigrateParameters.areIn(input) ? cold(done) : Optional.of(live(input));
            case "stop" ->
                Optional.of(new Undo(
                        "start",
                        input.deepCopy(),
                        "Start server " + input.path("resource_id").asText()));
            case "change_nova_service_state" ->
                Optional.ofNullable(ServiceStateHandler.undone(done))
                        .map(before -> new Undo(done.type(), before, ServiceStateHandler.sentence(before)));
            default -> Optional.empty();
        };
    }

    private static Undo live(JsonNode input) {
        MigrateParameters back = MigrateParameters.read(input).back("Another action of the plan that moved it failed.");
        return new Undo("migrate", Texts.mapper().valueToTree(back), back.sentence());
    }

    /** Where Nova's scheduler has sent the server is in the result. */
    private static Optional<Undo> cold(Action done) {
        ColdMigrateParameters there = ColdMigrateParameters.read(done.parameters());
        String host = done.result() == null
                ? null
                : done.result().path(ColdMigrateParameters.DESTINATION).textValue();
        if (host == null) {
            return Optional.empty();
        }
        ColdMigrateParameters back = new ColdMigrateParameters(there.resourceId(), host, there.sourceNode());
        String name = done.parameters().path("resource_name").asText(there.resourceId());
        return Optional.of(new Undo("migrate", back.input(name), back.sentence()));
    }
}
