package io.github.godwit.strategy.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A change in an instance: of a state, or the progress or end of a migration.
 *
 * @param time when it happened
 * @param type {@link #ACTION_PLAN}, {@link #ACTION}, {@link #MIGRATION} or {@link #OUTCOME}
 * @param uuid UUID of the action plan or action
 * @param data details, an object
 */
public record Event(Instant time, String type, String uuid, JsonNode data) {

    /** The state of an action plan changed. */
    public static final String ACTION_PLAN = "action_plan";

    /** The state of an action changed. */
    public static final String ACTION = "action";

    /** A migration made progress; the data is a {@link io.github.godwit.hostapi.MigrationEvent}. */
    public static final String MIGRATION = "migration";

    /** A migration ended; the data holds what was predicted and what was measured. */
    public static final String OUTCOME = "outcome";

    /**
     * The end of a migration.
     *
     * @param action    UUID of the action
     * @param technique name of the technique, or {@code none}
     * @param state     final state of the action
     * @param predicted predicted values by metric id
     * @param measured  measured values by metric id, possibly none
     */
    public static Event outcome(
            UUID action, String technique, String state, Map<String, Double> predicted, Map<String, Double> measured) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("technique", technique);
        data.put("state", state);
        predicted.forEach(data.putObject("predicted")::put);
        measured.forEach(data.putObject("measured")::put);
        return new Event(Instant.now(), OUTCOME, action.toString(), data);
    }
}
