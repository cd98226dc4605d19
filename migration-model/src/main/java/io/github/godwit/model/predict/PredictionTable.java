package io.github.godwit.model.predict;

import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.technique.Technique;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * What several techniques are expected to cost in one case, as {@link Prediction}s are, but in flat arrays that serve for the
 * next case again: whoever decides for many VMs makes one table, and no garbage. Not safe for use by several threads.
 */
@SuppressWarnings("EnumOrdinal") // places in arrays that live as long as the enums
public final class PredictionTable {

    private static final Metric[] METRICS = Metric.values();
    private static final Technique[] TECHNIQUES = Technique.values();

    private final double[] value = new double[TECHNIQUES.length * METRICS.length];
    private final double[] low = new double[value.length];
    private final double[] high = new double[value.length];
    private final double[] endProbability = new double[TECHNIQUES.length];
    private final Basis[] basis = new Basis[TECHNIQUES.length];

    /** The same as these predictions. */
    public static PredictionTable of(Map<Technique, Prediction> predictions) {
        PredictionTable table = new PredictionTable();
        predictions.forEach(table::put);
        return table;
    }

    /** Forgets all predictions. */
    public void clear() {
        Arrays.fill(basis, null);
    }

    /** Sets a metric's value and interval, which belong to a prediction once it is {@linkplain #complete completed}. */
    public void set(Technique technique, Metric metric, double expected, double from, double to) {
        int place = place(technique, metric);
        value[place] = expected;
        low[place] = from;
        high[place] = to;
    }

    /**
     * Says that all six metrics of a technique are set.
     *
     * @param probability that it ends within its time limit, 0 to 1
     * @param on          what the prediction rests on
     */
    public void complete(Technique technique, double probability, Basis on) {
        endProbability[technique.ordinal()] = probability;
        basis[technique.ordinal()] = on;
    }

    /** Takes in a prediction. */
    public void put(Technique technique, Prediction prediction) {
        for (Metric metric : METRICS) {
            Estimate estimate = prediction.estimates().get(metric);
            set(technique, metric, estimate.value(), estimate.low(), estimate.high());
        }
        complete(technique, prediction.endProbability(), prediction.basis());
    }

    /** Whether there is a prediction for a technique. */
    public boolean has(Technique technique) {
        return basis[technique.ordinal()] != null;
    }

    /** The expected value of a metric, in its unit. */
    public double value(Technique technique, Metric metric) {
        return value[place(technique, metric)];
    }

    /** Lower end of its interval. */
    public double low(Technique technique, Metric metric) {
        return low[place(technique, metric)];
    }

    /** Upper end of its interval. */
    public double high(Technique technique, Metric metric) {
        return high[place(technique, metric)];
    }

    /** How likely a technique ends within its time limit, 0 to 1. */
    public double endProbability(Technique technique) {
        return endProbability[technique.ordinal()];
    }

    /** Whether a technique is expected to end within its time limit. */
    public boolean converges(Technique technique) {
        return Prediction.converges(endProbability(technique));
    }

    /** What the prediction of a technique rests on; null where there is none. */
    public Basis basis(Technique technique) {
        return basis[technique.ordinal()];
    }

    /**
     * One technique's prediction, as an object.
     *
     * @throws IllegalArgumentException when a value lies outside its interval
     */
    public Prediction prediction(Technique technique) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : METRICS) {
            int place = place(technique, metric);
            estimates.put(metric, new Estimate(value[place], low[place], high[place]));
        }
        return new Prediction(estimates, converges(technique), endProbability(technique), basis(technique));
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

    private static int place(Technique technique, Metric metric) {
        return technique.ordinal() * METRICS.length + metric.ordinal();
    }
}
