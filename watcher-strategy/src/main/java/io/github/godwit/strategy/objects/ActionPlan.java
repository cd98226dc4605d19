package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * An action plan as it is stored.
 *
 * @param id                 its number in the database, 0 before it is stored
 * @param uuid               its id
 * @param auditUuid          the audit that it came from
 * @param strategy           name of the strategy that made it
 * @param state              where it is
 * @param efficacyIndicators what it is worth, an array
 * @param globalEfficacy     the same in short, an array
 * @param onFailure          what happens after a failed action
 * @param parallel           migrations at a time
 * @param hostname           instance that carries it out, or null
 * @param statusMessage      what there is to say of its state, or null
 * @param createdAt          when it was made
 * @param updatedAt          last change, or null
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
        Instant updatedAt) {

    /** What happens after a failed action. */
    public enum OnFailure {
        /** Actions that do not need it go on. */
        GO_ON,
        /** Nothing more is begun. */
        STOP,
        /** Nothing more is begun, and what was moved is moved back, in reverse. */
        ROLLBACK
    }
}
