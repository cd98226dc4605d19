package io.github.godwit.model.predict;

import io.github.godwit.model.technique.Technique;
import java.util.Collection;
import java.util.List;

/** A predictor that implements only the form that fills a table. */
public interface TablePredictor extends Predictor {

    @Override
    default Prediction predict(MigrationCase migrationCase, Technique technique) {
        PredictionTable table = new PredictionTable();
        predict(migrationCase, List.of(technique), table);
        return table.prediction(technique);
    }

    @Override
    void predict(MigrationCase migrationCase, Collection<Technique> techniques, PredictionTable into);
}
