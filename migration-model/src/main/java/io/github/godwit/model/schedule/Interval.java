package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Checks;

/**
 * A predicted quantity and the interval that contains the real one with a probability of 90 %.
 *
 * @param low   lower end, 0 or more
 * @param value the prediction, at least {@code low}
 * @param high  upper end, at least {@code value}
 */
public record Interval(double low, double value, double high) {

    /** Nothing, for certain. */
    public static final Interval ZERO = exactly(0);

    /** Half width of a 90 % interval of the normal distribution, in standard deviations. */
    private static final double QUANTILE_95 = 1.6449;

    /**
     * @throws IllegalArgumentException when the value is not a number, negative or outside of the interval
     */
    public Interval {
        Checks.notNegative("lower end of an interval", low);
        if (!(low <= value && value <= high)) {
            throw new IllegalArgumentException(
                    "The value (%s) must lie within its interval [%s, %s].".formatted(value, low, high));
        }
    }

    /** A quantity that is known. */
    public static Interval exactly(double value) {
        return new Interval(value, value, value);
    }

    /** The interval as a share of the value: 0.5 if it is half as wide as the prediction. 0 for a value of 0. */
    public double relativeWidth() {
        return value == 0 ? 0 : (high - low) / value;
    }

    /** The same interval, later by an offset in the same unit. */
    public Interval plus(double offset) {
        return new Interval(Math.max(0, low + offset), Math.max(0, value + offset), Math.max(0, high + offset));
    }

    /**
     * The probability that the real quantity is at most {@code limit}: the normal distribution whose middle is the value, with the upper
     * end of the interval as its 95 % quantile above it and the lower end as its 5 % quantile below it.
     *
     * @param limit in the same unit
     * @return 0 to 1
     */
    public double probabilityOfAtMost(double limit) {
        double side = limit >= value ? high - value : value - low;
        if (side <= 0) {
            return limit >= value ? 1 : 0;
        }
        return normal(QUANTILE_95 * (limit - value) / side);
    }

    /** The normal distribution function, to 1e-7 (Abramowitz and Stegun, 26.2.17). */
    private static double normal(double x) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double tail = Math.exp(-x * x / 2)
                / Math.sqrt(2 * Math.PI)
                * t
                * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return x > 0 ? 1 - tail : tail;
    }
}
