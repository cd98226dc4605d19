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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The actions that undo a plan: they move its VMs back, start the servers that it stopped and put the state of its hosts back, in reverse
 * order, one at a time. Hosts that the plan has disabled are enabled first, whenever that was, because Nova's scheduler sends no server to
 * a disabled host.
 */
final class RollbackSteps {

    private static final String SERVICE_STATE = "change_nova_service_state";

    private RollbackSteps() {}

    /**
     * What undoes an action.
     *
     * @param type       type of the new action
     * @param parameters its input
     * @param sentence   what it does, as a sentence
     */
    private record Undo(String type, ObjectNode parameters, String sentence) {

        boolean enablesAHost() {
            return SERVICE_STATE.equals(type) && ServiceStateHandler.enables(parameters);
        }
    }

    static List<Action> of(UUID plan, List<Action> actions, Instant now) {
        List<Action> steps = new ArrayList<>();
        for (Undo undo : undos(actions)) {
            List<UUID> parents = steps.isEmpty()
                    ? List.of()
                    : List.of(steps.get(steps.size() - 1).uuid());
            String sentence = "Roll back. " + undo.sentence();
            steps.add(Action.pending(plan, undo.type(), parents, sentence, undo.parameters(), now));
        }
        return steps;
    }

    /** In reverse order of the actions, but first those that enable hosts. */
    private static List<Undo> undos(List<Action> actions) {
        List<Undo> undos = new ArrayList<>();
        for (Action done : actions) {
            if (done.state() == ActionState.SUCCEEDED) {
                undo(done).ifPresent(undo -> {
                    undo.parameters().put(Action.ROLLBACK_OF, done.uuid().toString());
                    undos.add(0, undo);
                });
            }
        }
        undos.sort(Comparator.comparing(Undo::enablesAHost).reversed()); // stable
        return undos;
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
            case SERVICE_STATE ->
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
