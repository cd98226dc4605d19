package io.github.godwit.model.select;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.unit.Checks;

/**
 * One service level objective on a metric: a limit and what breaking it weighs (SPEC G6).
 *
 * @param metric    the metric it limits; its {@link Metric#bound()} says from which side
 * @param threshold the limit θ, in the metric's unit, not negative
 * @param weight    the weight w, not negative
 */
public record Slo(Metric metric, double threshold, double weight) {

    /** Of the normal distribution: a 90 % interval ends so many standard deviations from its middle. */
    private static final double QUANTILE_95 = 1.6449;

    /**
     * @throws IllegalArgumentException when the threshold or the weight is negative or not a number
     */
    public Slo {
        Checks.present("metric of an SLO", metric);
        Checks.notNegative("threshold of " + metric, threshold);
        Checks.notNegative("weight of " + metric, weight);
    }

    /** Whether a value breaks this SLO: V_abs of equation 1. A value on the threshold keeps it. */
    public boolean violatedBy(double value) {
        return switch (metric.bound()) {
            case UPPER -> value > threshold;
            case LOWER -> value < threshold;
        };
    }

    /** How far a value breaks this SLO, weighted: V_rel of equation 2, zero when it is kept. */
    public double violation(double value) {
        return violatedBy(value) ? weight * Math.abs(value - threshold) / scale(threshold) : 0;
    }

    /**
     * How far a prediction is to be expected to break this SLO: the mean of {@link #violation} over the normal distribution of
     * which the interval holds the middle 90 %. Of several techniques that keep an SLO by a hair one would else choose the one whose
     * prediction errs on the good side. For an exact prediction it is V_rel itself.
     *
     * @param low  lower end of the 90 % interval
     * @param high upper end of it
     */
    public double expectedViolation(double low, double high) {
        double middle = (low + high) / 2;
        double spread = (high - middle) / QUANTILE_95;
        if (!(spread > 0)) {
            return violation(middle);
        }
        double over = (metric.bound() == Metric.Bound.UPPER ? middle - threshold : threshold - middle) / spread;
        double density = Math.exp(-over * over / 2) / Math.sqrt(2 * Math.PI);
        return weight * spread * Math.max(0, density + over * normal(over)) / scale(threshold);
    }

    /**
     * What it costs under this SLO when a migration does not end within its time limit: as much as a value twice as far as
     * permitted, for a metric that only a migration that ends has.
     */
    double violationByNoEnd() {
        return metric == Metric.TOTAL_TIME || metric == Metric.DOWNTIME ? weight : 0;
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

    /**
     * What relative distances from a threshold are measured in. Equations 2 and 5 divide by θ, which says nothing when θ is
     * zero ("no extra CPU at all"); there one unit of the metric stands in for it.
     */
    static double scale(double threshold) {
        return threshold == 0 ? 1 : threshold;
    }
}
