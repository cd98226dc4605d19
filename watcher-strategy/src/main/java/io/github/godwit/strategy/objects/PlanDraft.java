package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.plan.PlanSchedule;
import io.github.godwit.strategy.plan.ScheduleFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The result of a strategy, before it is stored as an action plan.
 *
 * @param steps     the actions, in order
 * @param figures   value of each efficacy indicator of the goal by name, including global ones
 * @param verdict   the expected result, or why there is nothing to do, in sentences
 * @param onFailure what happens after an action failed
 * @param parallel  maximum number of migrations at a time, at least 1
 * @param schedule  when its migrations are to run, or null
 * @param facts     what the schedule was made from, or null
 * @param solved    whether the steps achieve everything that the strategy aims at
 */
public record PlanDraft(
        List<Step> steps,
        Map<String, Double> figures,
        String verdict,
        OnFailure onFailure,
        int parallel,
        PlanSchedule schedule,
        ScheduleFacts facts,
        boolean solved) {

    /** A draft without a schedule, which achieves what it is for. */
    public PlanDraft(List<Step> steps, Map<String, Double> figures, String verdict, OnFailure onFailure, int parallel) {
        this(steps, figures, verdict, onFailure, parallel, null, null, true);
    }

    /**
     * One action of the draft.
     *
     * @param type        for example {@code migrate}
     * @param parameters  its input, an object
     * @param description what it does and why, in sentences
     * @param parents     indexes in the draft, from 0, of the steps that must end before it begins
     */
    public record Step(String type, JsonNode parameters, String description, List<Integer> parents) {
        /** Migrates a VM. */
        public static Step migrate(MigrateParameters parameters, List<Integer> parents) {
            return new Step("migrate", Texts.mapper().valueToTree(parameters), parameters.sentence(), parents);
        }

        /**
         * Migrates a server cold.
         *
         * @param name name of the server
         */
        public static Step coldMigrate(ColdMigrateParameters parameters, String name, List<Integer> parents) {
            return new Step("migrate", parameters.input(name), parameters.sentence(), parents);
        }

        /**
         * Stops a server.
         *
         * @param server UUID of the server
         * @param name   name of the server
         */
        public static Step stop(String server, String name, List<Integer> parents) {
            JsonNode parameters = JsonNodeFactory.instance.objectNode().put("resource_id", server);
            return new Step("stop", parameters, "Stop server %s (%s)".formatted(name, server), parents);
        }

        /** Disables a host for Nova's scheduler. */
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

    /** The steps as pending actions of a stored plan, in their order. */
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
