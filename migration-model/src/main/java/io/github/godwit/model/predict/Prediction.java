package io.github.godwit.model.predict;

import io.github.godwit.model.unit.Checks;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one technique is expected to cost: a value and an interval for each metric.
 *
 * @param estimates      one estimate for each of the six metrics
 * @param converges      false when the migration is not expected to end within its time limit; the values then are those at
 *                       the limit
 * @param endProbability how likely it ends within its time limit, 0 to 1; null for 1 or 0, as {@code converges} says
 * @param basis          what the prediction rests on
 */
public record Prediction(Map<Metric, Estimate> estimates, boolean converges, Double endProbability, Basis basis) {

    private static final double EVEN = 0.5;

    /** What a prediction rests on, best first. */
    public enum Basis {
        /** ModelOptions trained on real migrations, for a case like those. */
        LEARNED,
        /** The simulation of QEMU's rules, because no model knows the technique or none is in use. */
        SIMULATED,
        /** The simulation, because the case is unlike all that the model was trained on. */
        UNFAMILIAR,
        /** The simulation, and what is known of the VM is too little for it. */
        UNSURE
    }

    /**
     * A predicted value and the interval it is expected in.
     *
     * @param value the expected value
     * @param low   lower end of the interval, at most {@code value}
     * @param high  upper end of the interval, at least {@code value}
     */
    public record Estimate(double value, double low, double high) {
        /**
         * @throws IllegalArgumentException when the value is not a number or lies outside its interval
         */
        public Estimate {
            if (!(low <= value && value <= high)) {
                throw new IllegalArgumentException(
                        "An estimate (%s) must lie within its interval [%s, %s].".formatted(value, low, high));
            }
        }
    }

    /**
     * @throws IllegalArgumentException when a metric has no estimate, or the probability is none
     */
    public Prediction {
        EnumMap<Metric, Estimate> copy = new EnumMap<>(Checks.present("estimates", estimates));
        for (Metric metric : Metric.values()) {
            Checks.present("estimate of " + metric, copy.get(metric));
        }
        estimates = java.util.Collections.unmodifiableMap(copy);
        endProbability = endProbability == null
                ? (converges ? 1.0 : 0.0)
                : (Double) Checks.inRange("endProbability", endProbability, 0, 1);
        basis = basis == null ? Basis.SIMULATED : basis;
    }

    /** Whether a migration that ends so likely is expected to. */
    static boolean converges(double endProbability) {
        return endProbability >= EVEN;
    }

    /** A prediction that is sure whether the migration ends. */
    public Prediction(Map<Metric, Estimate> estimates, boolean converges, Basis basis) {
        this(estimates, converges, null, basis);
    }

    /** A simulated prediction. */
    public Prediction(Map<Metric, Estimate> estimates, boolean converges) {
        this(estimates, converges, null, Basis.SIMULATED);
    }

    /** The same on another basis. */
    public Prediction withBasis(Basis other) {
        return new Prediction(estimates, converges, endProbability, other);
    }

    /** The expected value of a metric, in its unit. */
    public double value(Metric metric) {
        return estimates.get(metric).value();
    }
}
