package io.github.godwit.host.migrate.recover;

import java.time.Duration;

/**
 * How long it is tried to recover a post-copy whose connection broke.
 *
 * @param limit from the break until it is left to an operator; zero if it is not tried at all
 */
public record RecoveryTerms(Duration limit) {

    /** Enough for a switch that restarts; a VM that lacks pages for longer needs an operator. */
    public static final RecoveryTerms DEFAULT = new RecoveryTerms(Duration.ofMinutes(5));

    /** It is left to an operator at once. */
    public static final RecoveryTerms NEVER = new RecoveryTerms(Duration.ZERO);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /** A doubling beyond this is longer than the longest pause. */
    private static final int MOST_DOUBLINGS = 4;

    /**
     * Checks the limit.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public RecoveryTerms {
        if (limit.isNegative()) {
            throw new IllegalArgumentException(
                    "The limit of recovery (%s) must not be negative. Give 0 to have it never tried.".formatted(limit));
        }
    }

    boolean forbidden() {
        return limit.isZero();
    }

    /** The pause after this many attempts in vain: 1 s after the first, doubled each time, at most 15 s. */
    Duration pauseAfter(int attempts) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(MOST_DOUBLINGS, Math.max(0, attempts - 1)));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
