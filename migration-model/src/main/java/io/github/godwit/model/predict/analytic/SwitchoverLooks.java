package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.unit.MemorySize;

/**
 * When QEMU looks whether what is left fits in the downtime limit ({@code migration_update_counters} and {@code migration_iteration_run} in its
 * migration/migration.c): after each iteration, but until a window of 100 ms is over it knows no bandwidth, and takes nothing to fit.
 */
final class SwitchoverLooks {

    /** Over which it takes the bandwidth. */
    static final double WINDOW_SECONDS = 0.1;

    /** How long an iteration sends. */
    static final double ITERATION_SECONDS = 0.05;

    private SwitchoverLooks() {}

    /**
     * Share of the first round's pages that go before the rest fits. The last pages by address are left: zero ones, most often.
     *
     * @param nonZero      pages
     * @param zero         pages
     * @param wire         bytes of the non-zero pages
     * @param roundSeconds for the whole round
     * @param setupSeconds before it, which count for the first window
     * @param limitSeconds the downtime limit
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

    /** Whether a first round of so many seconds ended with the first window. */
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
