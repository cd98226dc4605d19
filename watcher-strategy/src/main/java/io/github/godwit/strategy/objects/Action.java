package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One step of an action plan as it is stored.
 *
 * @param id            its number in the database, 0 before it is stored; a plan's actions are stored in their order
 * @param uuid          its id; a migration bears it on the host driver too
 * @param planUuid      its plan
 * @param type          its type, for example {@code migrate}
 * @param state         where it is
 * @param parents       actions that must have ended before it begins
 * @param description   what it does and why, for people
 * @param parameters    its input
 * @param statusMessage what there is to say of its state, or null
 * @param result        what came of it, or null: for a migration the host driver's last status
 * @param createdAt     when it was made
 * @param updatedAt     last change, or null
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
        Instant updatedAt) {

    /** Copies the list. */
    public Action {
        parents = List.copyOf(parents);
    }

    /** A new action of a plan, with a UUID of its own, that has not begun. */
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
