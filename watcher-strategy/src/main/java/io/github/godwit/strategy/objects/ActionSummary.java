package io.github.godwit.strategy.objects;

import java.util.List;
import java.util.UUID;

/**
 * What lists show of an action: all but its description, input and result, which take kilobytes.
 *
 * @param uuid     identifies it
 * @param planUuid UUID of its action plan
 * @param type     for example {@code migrate}
 * @param state    its state
 * @param parents  UUIDs of the actions that must end before it begins
 */
public record ActionSummary(UUID uuid, UUID planUuid, String type, ActionState state, List<UUID> parents) {

    /** Copies the list. */
    public ActionSummary {
        parents = List.copyOf(parents);
    }

    /** The summary of an action. */
    public static ActionSummary of(Action action) {
        return new ActionSummary(action.uuid(), action.planUuid(), action.type(), action.state(), action.parents());
    }
}
