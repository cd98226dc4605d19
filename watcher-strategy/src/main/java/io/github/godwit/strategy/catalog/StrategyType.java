package io.github.godwit.strategy.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;

/**
 * A strategy as audits see it.
 *
 * @param name        its name
 * @param displayName for people
 * @param goal        name of the goal that it serves
 * @param parameters  JSON schema of its parameters, with defaults
 */
public record StrategyType(String name, String displayName, String goal, JsonNode parameters) {

    /** Its id, which follows from its name. */
    public UUID uuid() {
        return Catalog.uuid("strategy", name);
    }
}
