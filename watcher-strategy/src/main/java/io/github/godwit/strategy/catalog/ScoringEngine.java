package io.github.godwit.strategy.catalog;

import java.util.UUID;

/**
 * Something that gives figures for features, by name.
 *
 * @param name        its name
 * @param description what it does
 * @param metainfo    how it is to be used, perhaps empty
 */
public record ScoringEngine(String name, String description, String metainfo) {

    /** Its id, which follows from its name. */
    public UUID uuid() {
        return Catalog.uuid("scoring_engine", name);
    }
}
