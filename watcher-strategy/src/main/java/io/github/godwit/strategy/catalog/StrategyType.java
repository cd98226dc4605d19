package io.github.godwit.strategy.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;

/**
 * A strategy that audits can use.
 *
 * @param name        name
 * @param displayName name for users
 * @param goal        name of its goal
 * @param parameters  JSON schema of its parameters, with defaults
 */
public record StrategyType(String name, String displayName, String goal, JsonNode parameters) {

    /** Returns the UUID, which is derived from the name. */
    public UUID uuid() {
        return Catalog.uuid("strategy", name);
    }
}
