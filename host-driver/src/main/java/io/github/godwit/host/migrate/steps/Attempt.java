package io.github.godwit.host.migrate.steps;

import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.PreparedMigration;
import java.time.Duration;
import java.time.Instant;

/**
 * An attempt at a migration. What a cancelled one took is part of what the migration took.
 *
 * @param plan   how it is made
 * @param cost   measures what all attempts cost
 * @param before how the attempt before it ended; null for the first
 * @param since  when that one began to send; null for the first
 */
record Attempt(PreparedMigration plan, CostMeter cost, MigrationEnd before, Instant since) {

    /** The first attempt. */
    static Attempt first(PreparedMigration plan, CostMeter cost) {
        return new Attempt(plan, cost, null, null);
    }

    boolean isFirst() {
        return before == null;
    }

    /**
     * The next attempt.
     *
     * @param other how it is made
     * @param end   how this one ended
     * @param sent  when this one began to send
     */
    Attempt again(PreparedMigration other, MigrationEnd end, Instant sent) {
        return new Attempt(other, cost, end, sent);
    }

    /**
     * When the migration began.
     *
     * @param sent when this attempt began to send
     */
    Instant began(Instant sent) {
        return isFirst() ? sent : since;
    }

    /**
     * How the migration ended.
     *
     * @param end  how this attempt ended
     * @param sent when it began to send
     */
    MigrationEnd whole(MigrationEnd end, Instant sent) {
        return isFirst() ? end : end.after(before, Duration.between(since, sent));
    }
}
