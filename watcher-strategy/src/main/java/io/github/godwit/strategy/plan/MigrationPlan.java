package io.github.godwit.strategy.plan;

import io.github.godwit.strategy.decide.Move;
import java.util.List;

/**
 * The migrations of a solution, in order.
 *
 * @param policy     name of the SLO policy under which the techniques were chosen
 * @param migrations the planned migrations
 * @param unplanned  the moves of the strategy that cannot be planned
 */
public record MigrationPlan(String policy, List<PlannedMigration> migrations, List<Unplanned> unplanned) {

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
}
