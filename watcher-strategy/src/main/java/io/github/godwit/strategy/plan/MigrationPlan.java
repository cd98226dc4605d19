package io.github.godwit.strategy.plan;

import io.github.godwit.strategy.decide.Move;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The migrations of a solution, in order.
 *
 * @param policy     name of the SLO policy under which the techniques were chosen
 * @param migrations the planned migrations
 * @param unplanned  the moves of the strategy that cannot be planned
 * @param schedule   when they are to run, or nothing if each waits for those with which it shares a host
 */
public record MigrationPlan(
        String policy, List<PlannedMigration> migrations, List<Unplanned> unplanned, Optional<PlanSchedule> schedule) {

    /** A plan without a schedule. */
    public MigrationPlan(String policy, List<PlannedMigration> migrations, List<Unplanned> unplanned) {
        this(policy, migrations, unplanned, Optional.empty());
    }

    /**
     * A move that cannot be planned.
     *
     * @param move   the move
     * @param reason the reason, as a sentence
     */
    public record Unplanned(Move move, String reason) {}

    /** Copies the lists. */
    public MigrationPlan {
        migrations = List.copyOf(migrations);
        unplanned = List.copyOf(unplanned);
    }

    /** Returns the same plan with other moves that cannot be planned. */
    public MigrationPlan withUnplanned(List<Unplanned> others) {
        return new MigrationPlan(policy, migrations, others, schedule);
    }

    /** Returns for each migration the indexes of those whose ends it waits for, which are all smaller than its own. */
    public List<List<Integer>> parents() {
        Map<String, Integer> places = new HashMap<>();
        List<List<Integer>> parents = new ArrayList<>();
        for (PlannedMigration migration : migrations) {
            parents.add(migration.slot().map(MigrationSlot::after).orElse(Set.of()).stream()
                    .map(places::get)
                    .filter(Objects::nonNull)
                    .sorted()
                    .toList());
            places.put(migration.move().vm(), places.size());
        }
        return parents;
    }
}
