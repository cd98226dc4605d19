package io.github.godwit.strategy.catalog;

import java.util.List;
import java.util.UUID;

/**
 * The goal of an audit.
 *
 * @param name          Watcher's name of the goal
 * @param displayName   name for users
 * @param indicators    efficacy indicators of each solution
 * @param globalFigures global efficacy indicators, which summarize them
 */
public record Goal(String name, String displayName, List<Indicator> indicators, List<Indicator> globalFigures) {

    /** Copies the lists. */
    public Goal {
        indicators = List.copyOf(indicators);
        globalFigures = List.copyOf(globalFigures);
    }

    /** Returns the UUID, which is derived from the name, so that it is the same in all instances. */
    public UUID uuid() {
        return Catalog.uuid("goal", name);
    }
}
