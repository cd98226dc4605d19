package io.github.godwit.training;

import java.util.Arrays;

/**
 * How far predictions were from what was measured.
 *
 * @param count  number of pairs
 * @param median median of |predicted − measured| / scale
 * @param mean   mean of the same
 * @param p90    90th percentile of the same
 * @param within25 share of the pairs that are at most a quarter off
 */
record RelativeErrors(int count, double median, double mean, double p90, double within25) {

    /**
     * From errors in no order.
     *
     * @param errors absolute relative errors, not negative
     */
    static RelativeErrors of(double[] errors) {
        double[] sorted = errors.clone();
        Arrays.sort(sorted);
        if (sorted.length == 0) {
            return new RelativeErrors(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        long close = Arrays.stream(sorted).filter(error -> error <= 0.25).count();
        return new RelativeErrors(
                sorted.length,
                quantile(sorted, 0.5),
                Arrays.stream(sorted).average().orElseThrow(),
                quantile(sorted, 0.9),
                close / (double) sorted.length);
    }

    private static double quantile(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int low = (int) Math.floor(position);
        int high = Math.min(low + 1, sorted.length - 1);
        return sorted[low] + (position - low) * (sorted[high] - sorted[low]);
    }
}
