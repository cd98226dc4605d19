package io.github.godwit.strategy.plan;

import io.github.godwit.strategy.decide.Move;
import java.util.List;

/**
 * What is to be done, in order.
 *
 * @param policy     name of the policy that the techniques were chosen under
 * @param migrations the migrations
 * @param unplanned  moves that the strategy wanted and that cannot be made
 */
public record MigrationPlan(String policy, List<PlannedMigration> migrations, List<Unplanned> unplanned) {

    /**
     * A move that cannot be made.
     *
     * @param move   the move
     * @param reason why it cannot, in a sentence
     */
    public record Unplanned(Move move, String reason) {}

    /** Copies the lists. */
    public MigrationPlan {
        migrations = List.copyOf(migrations);
        unplanned = List.copyOf(unplanned);
    }
}
