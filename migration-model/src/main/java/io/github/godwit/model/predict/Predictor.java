package io.github.godwit.model.predict;

import io.github.godwit.model.technique.Technique;
import java.util.Collection;
import java.util.Map;

/** Tells what a migration would cost before it is made. Implementations are pure: same input, same output. */
@FunctionalInterface
public interface Predictor {

    /**
     * Predicts all six metrics for one technique, whether or not the two hosts can run it.
     *
     * @param migrationCase the VM, the hosts and the link
     * @param technique     how the VM would be moved
     */
    Prediction predict(MigrationCase migrationCase, Technique technique);

    /**
     * Predicts several techniques for one case, in one go.
     *
     * @param into gets these predictions; what was in it before is gone
     */
    default void predict(MigrationCase migrationCase, Collection<Technique> techniques, PredictionTable into) {
        into.clear();
        for (Technique technique : techniques) {
            into.put(technique, predict(migrationCase, technique));
        }
    }

    /** The same as objects. */
    default Map<Technique, Prediction> predictAll(MigrationCase migrationCase, Collection<Technique> techniques) {
        PredictionTable table = new PredictionTable();
        predict(migrationCase, techniques, table);
        return table.predictions();
    }
}
