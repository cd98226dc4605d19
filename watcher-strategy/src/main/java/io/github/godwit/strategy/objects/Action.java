package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One action of an action plan, as stored.
 *
 * @param id            number in the database, 0 before it is stored; ascends in the order of the plan's actions
 * @param uuid          identifies it; for a migration also its id on the host driver
 * @param planUuid      UUID of its action plan
 * @param type          for example {@code migrate}
 * @param state         its state
 * @param parents       UUIDs of the actions that must end before it begins
 * @param description   what it does and why, in sentences
 * @param parameters    its input, an object
 * @param statusMessage explains its state, or null
 * @param result        for a migration that ended the last status from the host driver, else null
 * @param createdAt     when it was created
 * @param updatedAt     when its state last changed, or null
 * @param startedAt     when it began, or null
 * @param endedAt       when it ended, or null
 */
public record Action(
        long id,
        UUID uuid,
        UUID planUuid,
        String type,
        ActionState state,
        List<UUID> parents,
        String description,
        JsonNode parameters,
        String statusMessage,
        JsonNode result,
        Instant createdAt,
        Instant updatedAt,
        Instant startedAt,
        Instant endedAt) {

    /** Copies the list. */
    public Action {
        parents = List.copyOf(parents);
    }

    /** An action of which it is not known when it began and ended. */
    public Action(
            long id,
            UUID uuid,
            UUID planUuid,
            String type,
            ActionState state,
            List<UUID> parents,
            String description,
            JsonNode parameters,
            String statusMessage,
            JsonNode result,
            Instant createdAt,
            Instant updatedAt) {
        this(
                id,
                uuid,
                planUuid,
                type,
                state,
                parents,
                description,
                parameters,
                statusMessage,
                result,
                createdAt,
                updatedAt,
                null,
                null);
    }

    /** The same action with other parents and another input. */
    public Action replanned(List<UUID> others, JsonNode input) {
        return new Action(
                id,
                uuid,
                planUuid,
                type,
                state,
                others,
                description,
                input,
                statusMessage,
                result,
                createdAt,
                updatedAt,
                startedAt,
                endedAt);
    }

    /** A new, pending action of a plan, with a random UUID. */
    public static Action pending(
            UUID planUuid,
            String type,
            List<UUID> parents,
            String description,
            JsonNode parameters,
            Instant createdAt) {
        return new Action(
                0,
                UUID.randomUUID(),
                planUuid,
                type,
                ActionState.PENDING,
                parents,
                description,
                parameters,
                null,
                null,
                createdAt,
                null);
    }
}
