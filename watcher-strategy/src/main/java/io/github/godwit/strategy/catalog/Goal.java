package io.github.godwit.strategy.catalog;

import java.util.List;
import java.util.UUID;

/**
 * What an audit aims at.
 *
 * @param name          Watcher's name of it
 * @param displayName   for people
 * @param indicators    figures of every solution
 * @param globalFigures figures that sum these up
 */
public record Goal(String name, String displayName, List<Indicator> indicators, List<Indicator> globalFigures) {

    /** Copies the lists. */
    public Goal {
        indicators = List.copyOf(indicators);
        globalFigures = List.copyOf(globalFigures);
    }

    /** Its id, which follows from its name, so that all instances give the same. */
    public UUID uuid() {
        return Catalog.uuid("goal", name);
    }
}
