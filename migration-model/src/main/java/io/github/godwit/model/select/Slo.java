package io.github.godwit.model.select;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.unit.Checks;

/**
 * One service level objective on a metric: a limit and the weight of its violation ([FGCS 2025], section 5.2).
 *
 * @param metric    the limited metric; {@link Metric#bound()} determines from which side
 * @param threshold the limit θ, in the metric's unit, not negative
 * @param weight    the weight w, not negative
 */
public record Slo(Metric metric, double threshold, double weight) {

    /** Half width of a 90 % interval of the normal distribution, in standard deviations. */
    private static final double QUANTILE_95 = 1.6449;

    /**
     * @throws IllegalArgumentException when the threshold or the weight is negative or not a number
     */
    public Slo {
        Checks.present("metric of an SLO", metric);
        Checks.notNegative("threshold of " + metric, threshold);
        Checks.notNegative("weight of " + metric, weight);
    }

    /** Whether a value violates this SLO: V_abs of equation 1. A value equal to the threshold does not. */
    public boolean violatedBy(double value) {
        return switch (metric.bound()) {
            case UPPER -> value > threshold;
            case LOWER -> value < threshold;
        };
    }

    /** The weighted extent to which a value violates this SLO: V_rel of equation 2, zero if it does not. */
    public double violation(double value) {
        return violatedBy(value) ? weight * Math.abs(value - threshold) / scale(threshold) : 0;
    }

    /**
     * The expected violation of this SLO by a prediction: the mean of {@link #violation} over the normal distribution
     * whose middle 90 % is the interval. Without it, the selection among techniques that barely keep an SLO would
     * favour the one whose prediction errs on the good side. For an exact prediction it is V_rel itself.
     *
     * @param low  lower end of the 90 % interval
     * @param high upper end of the 90 % interval
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
     * The violation of this SLO by a migration that does not complete within its time limit: that of a value of twice
     * the threshold, for metrics that only a completed migration has.
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
     * The unit of relative distances from a threshold. Equations 2 and 5 divide by θ, which is undefined if θ is zero
     * ("no extra CPU at all"); then one unit of the metric is used instead.
     */
    static double scale(double threshold) {
        return threshold == 0 ? 1 : threshold;
    }
}
