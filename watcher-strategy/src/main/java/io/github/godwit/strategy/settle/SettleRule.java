package io.github.godwit.strategy.settle;

import java.time.Duration;

/**
 * How long what earlier moves concern is left alone.
 *
 * @param vmRest     how long a VM is not moved again after a move
 * @param hostRest   how long the figures of a host are not used after a VM has come or left; at least as long as they contain time before
 *                   that
 * @param undoRest   how long a move is not undone: the VM does not return, and no strategy works against what another one has achieved
 * @param retryAfter how long a VM is passed over after its move has failed; twice as long with each further failure
 */
public record SettleRule(Duration vmRest, Duration hostRest, Duration undoRest, Duration retryAfter) {

    /** A VM is passed over for no longer than this, however often its moves have failed. */
    static final Duration LONGEST_RETRY = Duration.ofDays(1);

    /** Half an hour, five minutes, two hours, an hour. */
    public static final SettleRule DEFAULT =
            new SettleRule(Duration.ofMinutes(30), Duration.ofMinutes(5), Duration.ofHours(2), Duration.ofHours(1));

    /**
     * @throws IllegalArgumentException if a time is missing or negative
     */
    public SettleRule {
        check("vmRest", vmRest);
        check("hostRest", hostRest);
        check("undoRest", undoRest);
        check("retryAfter", retryAfter);
    }

    private static void check(String name, Duration time) {
        if (time == null || time.isNegative()) {
            throw new IllegalArgumentException("The %s (%s) must not be negative.".formatted(name, time));
        }
    }

    /** Returns how long a VM is passed over after so many failures in a row. */
    Duration retryAfter(int failures) {
        Duration wait = retryAfter;
        for (int i = 1; i < failures && wait.compareTo(LONGEST_RETRY) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(LONGEST_RETRY) > 0 && wait.compareTo(retryAfter) > 0 ? LONGEST_RETRY : wait;
    }

    /** Returns how far back moves matter. */
    public Duration horizon() {
        Duration longest = LONGEST_RETRY;
        for (Duration each : new Duration[] {vmRest, hostRest, undoRest, retryAfter}) {
            longest = each.compareTo(longest) > 0 ? each : longest;
        }
        return longest;
    }
}
