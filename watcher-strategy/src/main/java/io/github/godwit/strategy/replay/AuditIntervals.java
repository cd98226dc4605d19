package io.github.godwit.strategy.replay;

import java.time.Duration;

/**
 * How often audits run.
 *
 * @param balance       those against hotspots and for balance
 * @param consolidation those for consolidation
 */
public record AuditIntervals(Duration balance, Duration consolidation) {

    /**
     * @throws IllegalArgumentException if an interval is not positive
     */
    public AuditIntervals {
        if (balance.isNegative() || balance.isZero() || consolidation.isNegative() || consolidation.isZero()) {
            throw new IllegalArgumentException(
                    "The intervals of audits (%s, %s) must be positive.".formatted(balance, consolidation));
        }
    }

    /** Returns whether an audit with an interval runs before a step, as the next one after that interval has passed. */
    static boolean due(Duration interval, SimulatedCluster cluster) {
        long steps = Math.max(1, interval.dividedBy(cluster.trace().step()));
        return cluster.step() > 0 && cluster.step() % steps == 0;
    }
}
