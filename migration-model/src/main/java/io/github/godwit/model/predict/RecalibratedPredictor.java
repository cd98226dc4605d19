package io.github.godwit.model.predict;

import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Checks;
import java.util.Collection;
import java.util.function.Supplier;

/** Applies a {@link Recalibration} to the predictions of another predictor. */
public final class RecalibratedPredictor implements TablePredictor {

    private final Predictor predictor;
    private final Supplier<Recalibration> recalibration;

    /**
     * @param predictor     predicts as it was trained
     * @param recalibration the current corrections
     */
    public RecalibratedPredictor(Predictor predictor, Supplier<Recalibration> recalibration) {
        this.predictor = Checks.present("predictor", predictor);
        this.recalibration = Checks.present("recalibration", recalibration);
    }

    @Override
    public void predict(MigrationCase migrationCase, Collection<Technique> techniques, PredictionTable into) {
        predictor.predict(migrationCase, techniques, into);
        recalibration.get().apply(into);
    }
}
