package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.unit.MemorySize;

/**
 * When QEMU checks whether the remaining pages fit in the downtime limit (migration/migration.c,
 * {@code migration_update_counters} and {@code migration_iteration_run}): after each iteration. Until the first window
 * of 100 ms is over, QEMU does not know the bandwidth and assumes that nothing fits.
 */
final class SwitchoverCheck {

    /** Window over which QEMU measures the bandwidth. */
    static final double WINDOW_SECONDS = 0.1;

    /** Length of an iteration. */
    static final double ITERATION_SECONDS = 0.05;

    private SwitchoverCheck() {}

    /**
     * Share of the non-zero pages that the first round sends before the rest fits in the downtime limit. The rest is at
     * the highest addresses, which are mostly zero pages.
     *
     * @param nonZero      number of non-zero pages
     * @param zero         number of zero pages
     * @param wire         bytes of the non-zero pages on the wire
     * @param roundSeconds duration of the whole round
     * @param setupSeconds time before the round, which is part of the first window
     * @param limitSeconds the downtime limit
     * @return 0 to 1
     */
    static double sentShare(
            double nonZero, double zero, double wire, double roundSeconds, double setupSeconds, double limitSeconds) {
        if (nonZero == 0 || roundSeconds == 0 || setupSeconds + roundSeconds < WINDOW_SECONDS) {
            return 1;
        }
        double first = Math.min(roundSeconds, wholeIterations(WINDOW_SECONDS - setupSeconds));
        double share = first / roundSeconds;
        if (nonZero * (1 - share) + zero < fitting(wire * share / (setupSeconds + first), limitSeconds)) {
            return share;
        }
        double unsent = Math.min(nonZero, Math.max(0, fitting(wire / roundSeconds, limitSeconds) - zero));
        double end = Math.max(first, wholeIterations(roundSeconds * (1 - unsent / nonZero)));
        return Math.min(1, end / roundSeconds);
    }

    /** Whether a first round of this length ends within the first window. */
    static boolean isInFirstWindow(double roundSeconds) {
        return roundSeconds <= wholeIterations(WINDOW_SECONDS);
    }

    private static double fitting(double bytesPerSecond, double limitSeconds) {
        return bytesPerSecond * limitSeconds / MemorySize.PAGE_BYTES;
    }

    private static double wholeIterations(double seconds) {
        return Math.max(1, Math.ceil(seconds / ITERATION_SECONDS)) * ITERATION_SECONDS;
    }
}
