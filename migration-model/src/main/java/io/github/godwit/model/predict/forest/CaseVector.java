package io.github.godwit.model.predict.forest;

import io.github.godwit.model.predict.Features;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.technique.Technique;
import java.util.ArrayList;
import java.util.List;

/**
 * The input of a learned model of one technique: the case's {@link Features} and the simulation's prediction for the
 * technique, on a logarithmic scale because most values span decades.
 */
public final class CaseVector {

    /** Version of the vector, part of every model file. */
    public static final int SCHEMA = Features.SCHEMA;

    private static final Metric[] METRICS = Metric.values();

    /** Number of features of the case; the simulation's prediction follows them. */
    public static final int CASE_FEATURES = Features.names().size();

    /** Length of the vector. */
    public static final int LENGTH = CASE_FEATURES + METRICS.length + 1;

    private CaseVector() {}

    /** The names of all elements, in order. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(Features.names());
        for (Metric metric : METRICS) {
            names.add("SIMULATED_" + metric);
        }
        names.add("SIMULATED_END_PROBABILITY");
        return List.copyOf(names);
    }

    /**
     * Writes the case's part of a vector.
     *
     * @param vector of length {@link #LENGTH}
     */
    public static void fillCase(MigrationCase migration, double[] vector) {
        Features.fill(migration, vector);
        for (int i = 0; i < CASE_FEATURES; i++) {
            vector[i] = scaled(vector[i]);
        }
    }

    /**
     * Writes the simulation's part of a vector.
     *
     * @param vector of length {@link #LENGTH}
     */
    static void fillSimulated(PredictionTable simulated, Technique technique, double[] vector) {
        int index = CASE_FEATURES;
        for (Metric metric : METRICS) {
            vector[index++] = scaled(simulated.value(technique, metric));
        }
        vector[index] = simulated.endProbability(technique);
    }

    /** The complete vector of a technique. */
    public static double[] of(MigrationCase migration, Technique technique, Prediction simulated) {
        double[] vector = new double[LENGTH];
        fillCase(migration, vector);
        PredictionTable table = new PredictionTable();
        table.put(technique, simulated);
        fillSimulated(table, technique, vector);
        return vector;
    }

    /** {@code log(1 + x)}, mirrored for negative values. */
    static double scaled(double value) {
        return Math.copySign(Math.log1p(Math.abs(value)), value);
    }
}
