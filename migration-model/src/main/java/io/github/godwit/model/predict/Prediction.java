package io.github.godwit.model.predict;

import io.github.godwit.model.unit.Checks;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one technique is expected to cost: a value and an interval for each metric.
 *
 * @param estimates      one estimate for each of the six metrics
 * @param converges      whether the migration is expected to complete within its time limit; if not, the values are those at
 *                       the limit
 * @param endProbability probability that it completes within its time limit, 0 to 1; null means 1 or 0, according to {@code converges}
 * @param basis          what the prediction is based on; null means {@link Basis#SIMULATED}
 * @param eviction       when the source is free, where that is before the end; null for techniques by which it is not
 */
public record Prediction(
        Map<Metric, Estimate> estimates, boolean converges, Double endProbability, Basis basis, Eviction eviction) {

    private static final double EVEN = 0.5;

    /** What a prediction is based on, most reliable first. */
    public enum Basis {
        /** Models trained on real migrations, for a case similar to them. */
        LEARNED,
        /** The simulation of QEMU's algorithm, because no model is in use or none was trained for the technique. */
        SIMULATED,
        /** The simulation, because the case is unlike those that the model was trained on. */
        UNFAMILIAR,
        /** The simulation, although too little is known about the VM for it. */
        UNSURE
    }

    /**
     * A predicted value and its interval.
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
     * What a technique costs by which the source is free before the destination has all pages.
     *
     * @param millis        from the start until the source is free, in ms
     * @param heldMegabytes what the intermediaries hold at most, all copies together, in MB (10^6 bytes)
     */
    public record Eviction(Estimate millis, double heldMegabytes) {
        /**
         * @throws IllegalArgumentException when the time is missing or the memory is negative
         */
        public Eviction {
            Checks.present("time until the source is free", millis);
            Checks.notNegative("heldMegabytes", heldMegabytes);
        }
    }

    /**
     * @throws IllegalArgumentException when a metric has no estimate, or the probability is not from 0 to 1
     */
    public Prediction {
        EnumMap<Metric, Estimate> copy = new EnumMap<>(Checks.present("estimates", estimates));
        for (Metric metric : Metric.values()) {
            Checks.present("estimate of " + metric, copy.get(metric));
        }
        estimates = Collections.unmodifiableMap(copy);
        endProbability = endProbability == null
                ? (converges ? 1.0 : 0.0)
                : (Double) Checks.inRange("endProbability", endProbability, 0, 1);
        basis = basis == null ? Basis.SIMULATED : basis;
    }

    /** Whether a migration with this probability of completing is expected to complete. */
    static boolean converges(double endProbability) {
        return endProbability >= EVEN;
    }

    /** A prediction by which the source is free at the end. */
    public Prediction(Map<Metric, Estimate> estimates, boolean converges, Double endProbability, Basis basis) {
        this(estimates, converges, endProbability, basis, null);
    }

    /** A prediction with an end probability of 1 or 0. */
    public Prediction(Map<Metric, Estimate> estimates, boolean converges, Basis basis) {
        this(estimates, converges, null, basis);
    }

    /** A simulated prediction with an end probability of 1 or 0. */
    public Prediction(Map<Metric, Estimate> estimates, boolean converges) {
        this(estimates, converges, null, Basis.SIMULATED);
    }

    /** A copy with another basis. */
    public Prediction withBasis(Basis other) {
        return new Prediction(estimates, converges, endProbability, other, eviction);
    }

    /** From the start until the source is free, in ms. */
    public Estimate sourceFree() {
        return eviction == null ? estimates.get(Metric.TOTAL_TIME) : eviction.millis();
    }

    /** The expected value of a metric, in its unit. */
    public double value(Metric metric) {
        return estimates.get(metric).value();
    }
}
