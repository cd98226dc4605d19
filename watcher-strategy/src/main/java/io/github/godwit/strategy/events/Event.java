package io.github.godwit.strategy.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Something that happened.
 *
 * @param time when
 * @param type {@link #ACTION_PLAN}, {@link #ACTION}, {@link #MIGRATION} or {@link #OUTCOME}
 * @param uuid what it happened to
 * @param data what there is to say
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
     * A migration ended.
     *
     * @param predicted by metric what was predicted
     * @param measured  by metric what it cost, perhaps nothing
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
