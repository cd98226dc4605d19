package io.github.godwit.model;

/**
 * One service level objective on a metric: a limit and what breaking it weighs (SPEC G6).
 *
 * @param metric    the metric it limits; its {@link Metric#bound()} says from which side
 * @param threshold the limit θ, in the metric's unit, not negative
 * @param weight    the weight w, not negative
 */
public record Slo(Metric metric, double threshold, double weight) {

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
     * What relative distances from a threshold are measured in. Equations 2 and 5 divide by θ, which says nothing when θ is
     * zero ("no extra CPU at all"); there one unit of the metric stands in for it.
     */
    static double scale(double threshold) {
        return threshold == 0 ? 1 : threshold;
    }
}
