package io.github.godwit.strategy.catalog;

import java.util.UUID;

/**
 * A scoring engine in Watcher's sense. None is used by the strategies.
 *
 * @param name        name
 * @param description what it does
 * @param metainfo    how to use it; may be empty
 */
public record ScoringEngine(String name, String description, String metainfo) {

    /** Returns the UUID, which is derived from the name. */
    public UUID uuid() {
        return Catalog.uuid("scoring_engine", name);
    }
}
