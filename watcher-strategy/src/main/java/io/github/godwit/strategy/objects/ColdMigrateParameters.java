package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.common.ServiceRefusal;

/**
 * Input of an action of type {@code migrate} whose migration type is {@code cold}, with Watcher's parameters.
 *
 * @param resourceId      UUID of the server
 * @param sourceNode      host that it is on
 * @param destinationNode host that it goes to, or null to let Nova's scheduler choose
 */
public record ColdMigrateParameters(String resourceId, String sourceNode, String destinationNode) {

    /** Member of the input and of the result of an action. */
    public static final String DESTINATION = "destination_node";

    private static final String TYPE = "migration_type";
    private static final String COLD = "cold";
    private static final String SERVER = "resource_id";
    private static final String SOURCE = "source_node";

    /** Returns whether the input of an action of type {@code migrate} is that of a cold migration. */
    public static boolean areIn(JsonNode parameters) {
        return COLD.equals(parameters.path(TYPE).asText());
    }

    /**
     * Reads the input of an action.
     *
     * @throws ServiceRefusal if it lacks the server or its host
     */
    public static ColdMigrateParameters read(JsonNode parameters) {
        if (isMissing(parameters.path(SERVER)) || isMissing(parameters.path(SOURCE))) {
            throw ServiceRefusal.invalid("Action migrate with migration_type cold needs resource_id and source_node");
        }
        return new ColdMigrateParameters(
                parameters.path(SERVER).textValue(),
                parameters.path(SOURCE).textValue(),
                parameters.path(DESTINATION).textValue());
    }

    private static boolean isMissing(JsonNode name) {
        return !name.isTextual() || name.textValue().isBlank();
    }

    /**
     * Returns the input of an action.
     *
     * @param name name of the server, for its readers
     */
    public ObjectNode input(String name) {
        ObjectNode input = JsonNodeFactory.instance
                .objectNode()
                .put(TYPE, COLD)
                .put(SERVER, resourceId)
                .put("resource_name", name)
                .put(SOURCE, sourceNode);
        if (destinationNode != null) {
            input.put(DESTINATION, destinationNode);
        }
        return input;
    }

    /** Returns what the action does, as a sentence without a full stop. */
    public String sentence() {
        return "Cold-migrate server %s from %s to %s"
                .formatted(
                        resourceId,
                        sourceNode,
                        destinationNode == null ? "a host that Nova's scheduler chooses" : destinationNode);
    }
}
