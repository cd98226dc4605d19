package io.github.godwit.strategy.service;

import io.github.godwit.strategy.store.Retention;
import java.time.Duration;
import java.time.Instant;

/**
 * How long after its end, or deletion, something is kept in the database; zero for ever.
 *
 * @param audits   audits, templates, and instances that are gone
 * @param plans    action plans with their actions
 * @param outcomes predicted and measured metrics of migrations
 * @param trail    lines of the audit trail
 */
public record Keep(Duration audits, Duration plans, Duration outcomes, Duration trail) {

    /** Keeps everything equally long. */
    public static Keep all(Duration time) {
        return new Keep(time, time, time, time);
    }

    /** Returns the times before which things are removed. */
    Retention.Before before(Instant now) {
        return new Retention.Before(before(now, audits), before(now, plans), before(now, outcomes), before(now, trail));
    }

    private static Instant before(Instant now, Duration time) {
        return time.isZero() ? null : now.minus(time);
    }
}
