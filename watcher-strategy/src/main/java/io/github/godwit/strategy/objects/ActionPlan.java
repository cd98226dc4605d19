package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.plan.PlanSchedule;
import java.time.Instant;
import java.util.UUID;

/**
 * An action plan, as stored.
 *
 * @param id                 number in the database, 0 before it is stored
 * @param uuid               identifies it
 * @param auditUuid          UUID of the audit that made it
 * @param strategy           name of the strategy that made it
 * @param state              its state
 * @param efficacyIndicators expected benefit, an array of indicators
 * @param globalEfficacy     summary of the expected benefit, an array of indicators
 * @param onFailure          what happens after an action failed
 * @param parallel           maximum number of migrations at a time
 * @param hostname           name of the instance that runs it, or null
 * @param statusMessage      explains its state, or null
 * @param createdAt          when it was created
 * @param updatedAt          when its state last changed, or null
 * @param schedule           when its migrations are to run, or null for a plan without a schedule
 */
public record ActionPlan(
        long id,
        UUID uuid,
        UUID auditUuid,
        String strategy,
        ActionPlanState state,
        JsonNode efficacyIndicators,
        JsonNode globalEfficacy,
        OnFailure onFailure,
        int parallel,
        String hostname,
        String statusMessage,
        Instant createdAt,
        Instant updatedAt,
        PlanSchedule schedule) {

    /** A plan without a schedule. */
    public ActionPlan(
            long id,
            UUID uuid,
            UUID auditUuid,
            String strategy,
            ActionPlanState state,
            JsonNode efficacyIndicators,
            JsonNode globalEfficacy,
            OnFailure onFailure,
            int parallel,
            String hostname,
            String statusMessage,
            Instant createdAt,
            Instant updatedAt) {
        this(
                id,
                uuid,
                auditUuid,
                strategy,
                state,
                efficacyIndicators,
                globalEfficacy,
                onFailure,
                parallel,
                hostname,
                statusMessage,
                createdAt,
                updatedAt,
                null);
    }

    /** The same plan with a schedule. */
    public ActionPlan withSchedule(PlanSchedule other) {
        return new ActionPlan(
                id,
                uuid,
                auditUuid,
                strategy,
                state,
                efficacyIndicators,
                globalEfficacy,
                onFailure,
                parallel,
                hostname,
                statusMessage,
                createdAt,
                updatedAt,
                other);
    }

    /** What happens after an action failed. */
    public enum OnFailure {
        /** Actions that do not depend on it still begin. */
        GO_ON,
        /** No further action begins. */
        STOP,
        /** No further action begins, and the actions that succeeded are undone in reverse order. */
        ROLLBACK
    }
}
