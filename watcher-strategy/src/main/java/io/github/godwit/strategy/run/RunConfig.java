package io.github.godwit.strategy.run;

import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import java.time.Duration;

/**
 * How a run samples, reserves bandwidth and handles failures.
 *
 * @param samples        number of snapshots of the cluster, at least 1
 * @param sampleInterval time between the starts of two snapshots
 * @param dryRun         whether the run ends with the plan
 * @param reservation    how migrations and applications share a link
 * @param onFailure      whether it continues after a failed migration
 * @param timeLimit      a migration that takes longer is cancelled
 * @param parallel       maximum number of migrations at a time, at least 1
 */
public record RunConfig(
        int samples,
        Duration sampleInterval,
        boolean dryRun,
        ReservationTerms reservation,
        OnFailure onFailure,
        Duration timeLimit,
        int parallel) {

    /** Five samples, one a minute; runs its plan, one migration at a time; stops at the first failure; five minutes for each migration. */
    public static final RunConfig DEFAULT = new RunConfig(
            5, Duration.ofMinutes(1), false, ReservationTerms.DEFAULT, OnFailure.STOP, Duration.ofMinutes(5), 1);

    /**
     * @throws IllegalArgumentException if a value is missing or out of its range
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
            throw new IllegalArgumentException(
                    "The reservation (%s) and onFailure (%s) must be set.".formatted(reservation, onFailure));
        }
        if (timeLimit == null || timeLimit.isNegative() || timeLimit.isZero()) {
            throw new IllegalArgumentException("The timeLimit (%s) must be positive.".formatted(timeLimit));
        }
        if (parallel < 1) {
            throw new IllegalArgumentException(
                    "The number of migrations at a time (%d) must be at least 1.".formatted(parallel));
        }
    }

    /** The same with other sampling. */
    public RunConfig withSampling(int number, Duration interval) {
        return new RunConfig(number, interval, dryRun, reservation, onFailure, timeLimit, parallel);
    }

    /** The same, with or without a dry run. */
    public RunConfig withDryRun(boolean dry) {
        return new RunConfig(samples, sampleInterval, dry, reservation, onFailure, timeLimit, parallel);
    }

    /** The same with another behaviour after a failure. */
    public RunConfig withOnFailure(OnFailure behaviour) {
        return new RunConfig(samples, sampleInterval, dryRun, reservation, behaviour, timeLimit, parallel);
    }

    /** The same with another time limit for each migration. */
    public RunConfig withTimeLimit(Duration limit) {
        return new RunConfig(samples, sampleInterval, dryRun, reservation, onFailure, limit, parallel);
    }
}
