package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.PlanDraft;
import io.github.godwit.strategy.objects.PlanDraft.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes the action plan of an audit. It handles the strategies that do not read the cluster itself. */
public final class AuditEngine {

    private final MigrationAudit migrations;

    /** Creates an engine that delegates strategies that read the cluster to {@code migrations}. */
    public AuditEngine(MigrationAudit migrations) {
        this.migrations = migrations;
    }

    /**
     * Checks a question.
     *
     * @throws IllegalArgumentException if the parameters are invalid
     * @throws io.github.godwit.strategy.common.ServiceRefusal if the policy is unknown, or if Nova does not answer. The parts of the answer
     *     throw it as well: if the scope is invalid, or if Nova, Placement or Prometheus does not answer
     */
    PreparedAudit prepare(AuditQuestion question) {
        return switch (question.strategy()) {
            case "dummy" -> without(dummy(question.parameters()));
            case "actuator" -> without(actuator(question));
            default -> migrations.prepare(question);
        };
    }

    /** What needs no samples. */
    private static PreparedAudit without(PlanDraft draft) {
        return new PreparedAudit() {
            @Override
            public Optional<Duration> sample() {
                return Optional.empty();
            }

            @Override
            public PlanDraft decide() {
                return draft;
            }
        };
    }

    private static PlanDraft dummy(JsonNode parameters) {
        ObjectNode first = JsonNodeFactory.instance.objectNode();
        first.put(
                "message",
                "para1=%s; para2=%s"
                        .formatted(
                                parameters.path("para1").asText(),
                                parameters.path("para2").asText()));
        ObjectNode second = JsonNodeFactory.instance.objectNode().put("message", "Welcome");
        ObjectNode third = JsonNodeFactory.instance.objectNode().put("duration", 5.0);
        return new PlanDraft(
                List.of(
                        new Step("nop", first, "Write a message to the log", List.of()),
                        new Step("nop", second, "Write a message to the log", List.of(0)),
                        new Step("sleep", third, "Wait for 5 s", List.of(1))),
                Map.of(),
                "Three actions that change nothing.",
                OnFailure.GO_ON,
                1);
    }

    private static PlanDraft actuator(AuditQuestion question) {
        JsonNode parameters = question.parameters();
        boolean independent = parameters.path("independent").asBoolean();
        List<Step> steps = new ArrayList<>();
        for (JsonNode action : (ArrayNode) parameters.path("actions")) {
            ObjectNode input = action.path("input_parameters").deepCopy();
            if (action.hasNonNull("resource_id")) {
                input.set("resource_id", action.get("resource_id"));
            }
            addPolicy(action.path("action_type").asText(), input, parameters.path("policy"));
            steps.add(new Step(
                    action.path("action_type").asText(),
                    input,
                    "As requested: " + action.path("action_type").asText(),
                    independent || steps.isEmpty() ? List.of() : List.of(steps.size() - 1)));
        }
        return new PlanDraft(steps, Map.of(), "The requested actions.", question.onFailure(), 1);
    }

    /** A live migration as Watcher's clients request it names neither a technique nor a policy; the audit's policy chooses then. */
    private static void addPolicy(String type, ObjectNode input, JsonNode policy) {
        boolean live = "migrate".equals(type)
                && "live".equals(input.path("migration_type").asText());
        if (live && !input.hasNonNull("technique") && !input.hasNonNull("policy")) {
            input.set("policy", policy);
        }
    }
}
