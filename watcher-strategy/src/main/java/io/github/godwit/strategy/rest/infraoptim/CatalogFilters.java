package io.github.godwit.strategy.rest.infraoptim;

import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.catalog.Goal;
import io.github.godwit.strategy.catalog.StrategyType;
import io.github.godwit.strategy.rest.Query;
import java.util.HashMap;
import java.util.Map;

/** The filters {@code goal} and {@code strategy}. Clients give a UUID or a name; the database columns contain names. */
final class CatalogFilters {

    private CatalogFilters() {}

    static Map<String, Object> of(Catalog catalog, Query query) {
        Map<String, Object> filters = new HashMap<>();
        query.get("goal")
                .ifPresent(goal -> filters.put(
                        "goal", catalog.findGoal(goal).map(Goal::name).orElse(goal)));
        query.get("strategy")
                .ifPresent(strategy -> filters.put(
                        "strategy",
                        catalog.findStrategy(strategy).map(StrategyType::name).orElse(strategy)));
        return filters;
    }
}
