package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.actionplan.ActionPlan.OnFailure;
import java.util.List;
import java.util.Map;

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
}
