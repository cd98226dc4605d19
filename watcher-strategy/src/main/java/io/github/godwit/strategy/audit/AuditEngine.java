package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.PlanDraft;
import io.github.godwit.strategy.objects.PlanDraft.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Carries out the deciding part of an audit: strategies that look at the cluster, and those that do not. */
public final class AuditEngine {

    private final MigrationAudit migrations;

    /** Has {@code migrations} decide where the cluster is looked at. */
    public AuditEngine(MigrationAudit migrations) {
        this.migrations = migrations;
    }

    /**
     * Decides.
     *
     * @throws InterruptedException     when the thread is interrupted
     * @throws IllegalArgumentException when the parameters cannot be followed; the message says why
     */
    public PlanDraft decide(AuditQuestion question) throws InterruptedException {
        return switch (question.strategy()) {
            case "dummy" -> dummy(question.parameters());
            case "actuator" -> actuator(question.parameters());
            default -> migrations.decide(question);
        };
    }

    static OnFailure onFailure(JsonNode parameters) {
        return OnFailure.valueOf(parameters.path("on_failure").asText("go_on").toUpperCase(Locale.ROOT));
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

    private static PlanDraft actuator(JsonNode parameters) {
        boolean independent = parameters.path("independent").asBoolean();
        List<Step> steps = new ArrayList<>();
        for (JsonNode action : (ArrayNode) parameters.path("actions")) {
            ObjectNode input = action.path("input_parameters").deepCopy();
            if (action.hasNonNull("resource_id")) {
                input.set("resource_id", action.get("resource_id"));
            }
            steps.add(new Step(
                    action.path("action_type").asText(),
                    input,
                    "As asked for: " + action.path("action_type").asText(),
                    independent || steps.isEmpty() ? List.of() : List.of(steps.size() - 1)));
        }
        return new PlanDraft(steps, Map.of(), "The actions that were asked for.", onFailure(parameters), 1);
    }
}
