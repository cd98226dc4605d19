package io.github.godwit.strategy.run;

import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import java.time.Duration;

/**
 * How a run goes about it; what it decides is the strategy's and the policy's business.
 *
 * @param samples        how many pictures of the cluster it takes, at least 1
 * @param sampleInterval time from one to the next
 * @param dryRun         whether it stops at the plan
 * @param reservation    how migrations and applications share a link
 * @param onFailure      whether it goes on after a failure
 * @param timeLimit      a migration that takes longer is cancelled
 */
public record RunConfig(
        int samples,
        Duration sampleInterval,
        boolean dryRun,
        ReservationTerms reservation,
        OnFailure onFailure,
        Duration timeLimit) {

    /** Five samples, one a minute; carries its plan out; stops at a failure; five minutes for a migration. */
    public static final RunConfig DEFAULT = new RunConfig(
            5, Duration.ofMinutes(1), false, ReservationTerms.DEFAULT, OnFailure.STOP, Duration.ofMinutes(5));

    /**
     * @throws IllegalArgumentException when a value is missing or out of its range
     */
    public RunConfig {
        if (samples < 1) {
            throw new IllegalArgumentException("The number of samples (%d) must be at least 1.".formatted(samples));
        }
        if (sampleInterval == null || sampleInterval.isNegative()) {
            throw new IllegalArgumentException(
                    "The sampleInterval (%s) must not be negative.".formatted(sampleInterval));
        }
        if (reservation == null || onFailure == null) {
            throw new IllegalArgumentException("A run needs its reservation terms and what to do on failure.");
        }
        if (timeLimit == null || timeLimit.isNegative() || timeLimit.isZero()) {
            throw new IllegalArgumentException("The timeLimit (%s) must be positive.".formatted(timeLimit));
        }
    }

    /** The same with other sampling. */
    public RunConfig withSampling(int number, Duration interval) {
        return new RunConfig(number, interval, dryRun, reservation, onFailure, timeLimit);
    }

    /** The same, stopping at the plan or not. */
    public RunConfig withDryRun(boolean dry) {
        return new RunConfig(samples, sampleInterval, dry, reservation, onFailure, timeLimit);
    }

    /** The same with another conduct after a failure. */
    public RunConfig withOnFailure(OnFailure conduct) {
        return new RunConfig(samples, sampleInterval, dryRun, reservation, conduct, timeLimit);
    }

    /** The same with another limit for each migration. */
    public RunConfig withTimeLimit(Duration limit) {
        return new RunConfig(samples, sampleInterval, dryRun, reservation, onFailure, limit);
    }
}
