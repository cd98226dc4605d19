package io.github.godwit.model.predict;

import io.github.godwit.model.technique.Technique;
import java.util.Collection;
import java.util.Map;

/** Predicts what a migration would cost. Implementations are pure: the same input gives the same output. */
@FunctionalInterface
public interface Predictor {

    /**
     * Predicts all six metrics for one technique, whether or not the two hosts can run it.
     *
     * @param migrationCase the VM, the hosts and the link
     * @param technique     the technique that would move the VM
     */
    Prediction predict(MigrationCase migrationCase, Technique technique);

    /**
     * Predicts several techniques for one case at once.
     *
     * @param into receives these predictions; earlier ones are removed
     */
    default void predict(MigrationCase migrationCase, Collection<Technique> techniques, PredictionTable into) {
        into.clear();
        for (Technique technique : techniques) {
            into.put(technique, predict(migrationCase, technique));
        }
    }

    /** Predicts several techniques for one case and returns the predictions as objects. */
    default Map<Technique, Prediction> predictAll(MigrationCase migrationCase, Collection<Technique> techniques) {
        PredictionTable table = new PredictionTable();
        predict(migrationCase, techniques, table);
        return table.predictions();
    }
}
