package io.github.godwit.model.predict;

import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.Prediction.Eviction;
import io.github.godwit.model.technique.Technique;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * The predictions of several techniques for one case, like {@link Prediction}s but in flat arrays that can be reused
 * for the next case, so that deciding for many VMs produces no garbage. Not safe for use by several threads.
 */
@SuppressWarnings("EnumOrdinal") // indexes of arrays that live as long as the enums
public final class PredictionTable {

    private static final Metric[] METRICS = Metric.values();
    private static final Technique[] TECHNIQUES = Technique.values();

    private final double[] value = new double[TECHNIQUES.length * METRICS.length];
    private final double[] low = new double[value.length];
    private final double[] high = new double[value.length];
    private final double[] endProbability = new double[TECHNIQUES.length];
    private final Basis[] basis = new Basis[TECHNIQUES.length];
    private final Eviction[] eviction = new Eviction[TECHNIQUES.length];

    /** A table of these predictions. */
    public static PredictionTable of(Map<Technique, Prediction> predictions) {
        PredictionTable table = new PredictionTable();
        predictions.forEach(table::put);
        return table;
    }

    /** Removes all predictions. */
    public void clear() {
        Arrays.fill(basis, null);
        Arrays.fill(eviction, null);
    }

    /** Sets the value and interval of a metric. They become a prediction when it is {@linkplain #complete completed}. */
    public void set(Technique technique, Metric metric, double expected, double from, double to) {
        int index = index(technique, metric);
        value[index] = expected;
        low[index] = from;
        high[index] = to;
    }

    /**
     * Completes the prediction of a technique, of which all six metrics are set.
     *
     * @param probability probability that it completes within its time limit, 0 to 1
     * @param on          what the prediction is based on
     */
    public void complete(Technique technique, double probability, Basis on) {
        endProbability[technique.ordinal()] = probability;
        basis[technique.ordinal()] = on;
    }

    /** Adds a prediction, replacing that of the same technique. */
    public void put(Technique technique, Prediction prediction) {
        for (Metric metric : METRICS) {
            Estimate estimate = prediction.estimates().get(metric);
            set(technique, metric, estimate.value(), estimate.low(), estimate.high());
        }
        complete(technique, prediction.endProbability(), prediction.basis());
        evict(technique, prediction.eviction());
    }

    /** Sets when the source is free, where that is before the end; null where it is not. */
    public void evict(Technique technique, Eviction when) {
        eviction[technique.ordinal()] = when;
    }

    /** When the source is free, where that is before the end; null where it is not. */
    public Eviction eviction(Technique technique) {
        return eviction[technique.ordinal()];
    }

    /** A copy in which total time counts until the source is free, where that is before the end. */
    public PredictionTable untilSourceIsFree() {
        PredictionTable copy = new PredictionTable();
        System.arraycopy(value, 0, copy.value, 0, value.length);
        System.arraycopy(low, 0, copy.low, 0, low.length);
        System.arraycopy(high, 0, copy.high, 0, high.length);
        System.arraycopy(endProbability, 0, copy.endProbability, 0, endProbability.length);
        System.arraycopy(basis, 0, copy.basis, 0, basis.length);
        for (Technique technique : TECHNIQUES) {
            if (eviction(technique) != null) {
                Estimate free = eviction(technique).millis();
                copy.set(technique, Metric.TOTAL_TIME, free.value(), free.low(), free.high());
            }
        }
        return copy;
    }

    /** Whether there is a prediction for a technique. */
    public boolean has(Technique technique) {
        return basis[technique.ordinal()] != null;
    }

    /** The expected value of a metric, in its unit. */
    public double value(Technique technique, Metric metric) {
        return value[index(technique, metric)];
    }

    /** Lower end of a metric's interval, in its unit. */
    public double low(Technique technique, Metric metric) {
        return low[index(technique, metric)];
    }

    /** Upper end of a metric's interval, in its unit. */
    public double high(Technique technique, Metric metric) {
        return high[index(technique, metric)];
    }

    /** Probability that a technique completes within its time limit, 0 to 1. */
    public double endProbability(Technique technique) {
        return endProbability[technique.ordinal()];
    }

    /** Whether a technique is expected to complete within its time limit. */
    public boolean converges(Technique technique) {
        return Prediction.converges(endProbability(technique));
    }

    /** What the prediction of a technique is based on; null when there is none. */
    public Basis basis(Technique technique) {
        return basis[technique.ordinal()];
    }

    /**
     * The prediction of one technique, as an object.
     *
     * @throws IllegalArgumentException when a value lies outside its interval
     */
    public Prediction prediction(Technique technique) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : METRICS) {
            int index = index(technique, metric);
            estimates.put(metric, new Estimate(value[index], low[index], high[index]));
        }
        return new Prediction(
                estimates, converges(technique), endProbability(technique), basis(technique), eviction(technique));
    }

    /** All predictions, as objects. */
    public Map<Technique, Prediction> predictions() {
        Map<Technique, Prediction> predictions = new EnumMap<>(Technique.class);
        for (Technique technique : TECHNIQUES) {
            if (has(technique)) {
                predictions.put(technique, prediction(technique));
            }
        }
        return predictions;
    }

    private static int index(Technique technique, Metric metric) {
        return technique.ordinal() * METRICS.length + metric.ordinal();
    }
}
