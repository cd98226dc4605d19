package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a strategy wants done, before it is stored as an action plan.
 *
 * @param steps     in order
 * @param figures   value of each efficacy indicator of the goal, global ones too
 * @param verdict   in sentences what comes of it, or why there is nothing to do
 * @param onFailure what happens after a failed action
 * @param parallel  migrations at a time, at least 1
 */
public record PlanDraft(
        List<Step> steps, Map<String, Double> figures, String verdict, OnFailure onFailure, int parallel) {

    /**
     * One action to be.
     *
     * @param type        its type
     * @param parameters  its input
     * @param description what it does and why
     * @param parents     places in the draft, from 0, of the steps that must have ended before
     */
    public record Step(String type, JsonNode parameters, String description, List<Integer> parents) {
        /** Migrates a VM. */
        public static Step migrate(MigrateParameters parameters, List<Integer> parents) {
            return new Step("migrate", Texts.mapper().valueToTree(parameters), parameters.sentence(), parents);
        }

        /** Has the scheduler use a host no more. */
        public static Step disable(String host, String reason, List<Integer> parents) {
            JsonNode parameters = JsonNodeFactory.instance
                    .objectNode()
                    .put("resource_id", host)
                    .put("resource_name", host)
                    .put("state", "disabled")
                    .put("disabled_reason", reason);
            return new Step(
                    "change_nova_service_state",
                    parameters,
                    "Disable host %s, so that Nova places no more VMs there".formatted(host),
                    parents);
        }

        /** Copies the list. */
        public Step {
            parents = List.copyOf(parents);
        }
    }

    /** Copies the collections. */
    public PlanDraft {
        steps = List.copyOf(steps);
        figures = Map.copyOf(figures);
    }

    /** The steps as actions of a stored plan, in their order, none of them begun. */
    public List<Action> actions(UUID plan, Instant now) {
        List<Action> actions = new ArrayList<>();
        for (Step step : steps) {
            List<UUID> parents = step.parents().stream()
                    .map(parent -> actions.get(parent).uuid())
                    .toList();
            actions.add(Action.pending(plan, step.type(), parents, step.description(), step.parameters(), now));
        }
        return actions;
    }
}
