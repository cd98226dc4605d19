package io.github.godwit.strategy.store;

import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.catalog.Goal;
import io.github.godwit.strategy.catalog.StrategyType;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The database and its stores.
 *
 * @param database  the connections
 * @param audits    audits
 * @param templates audit templates
 * @param plans     action plans and their actions
 * @param executions which actions run or wait, and where
 * @param services  the instances of the service
 */
public record Stores(
        Database database,
        AuditStore audits,
        TemplateStore templates,
        PlanStore plans,
        ExecutionStore executions,
        ServiceStore services) {

    /** The stores of a database. */
    public static Stores of(Database database, Catalog catalog, Clock clock) {
        String goalUuid = uuidOf("goal", catalog.goals(), Goal::name, Goal::uuid);
        String strategyUuid = uuidOf("strategy", catalog.strategies(), StrategyType::name, StrategyType::uuid);
        return new Stores(
                database,
                new AuditStore(clock, goalUuid, strategyUuid),
                new TemplateStore(clock, goalUuid, strategyUuid),
                new PlanStore(clock, strategyUuid),
                new ExecutionStore(clock),
                new ServiceStore(clock));
    }

    /** The names of the VMs that action plans are migrating now. */
    public Set<String> migratingVms() {
        return database.jdbi().withHandle(executions::runningMigrations).stream()
                .map(action -> action.parameters().path("resource_id").asText())
                .collect(Collectors.toSet());
    }

    /** SQL expression for the UUID of what a column names. Names and UUIDs come from the catalog, not from clients. */
    private static <T> String uuidOf(String column, List<T> things, Function<T, String> name, Function<T, UUID> uuid) {
        return things.stream()
                .map(thing -> "WHEN '%s' THEN '%s'".formatted(name.apply(thing), uuid.apply(thing)))
                .collect(Collectors.joining(" ", "CASE " + column + " ", " ELSE '' END"));
    }
}
