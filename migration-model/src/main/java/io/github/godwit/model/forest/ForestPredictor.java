package io.github.godwit.model.forest;

import io.github.godwit.model.Checks;
import io.github.godwit.model.Metric;
import io.github.godwit.model.MigrationCase;
import io.github.godwit.model.Prediction;
import io.github.godwit.model.Prediction.Basis;
import io.github.godwit.model.Prediction.Estimate;
import io.github.godwit.model.Predictor;
import io.github.godwit.model.Technique;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/**
 * Predicts by a trained {@link PredictionModel}, which reads the case and what a simulation says of it. A technique that it
 * was not trained on, and a case that is unlike all it was trained on, is left to the simulation, and the prediction's
 * {@link Basis} says so. Immutable and safe for use by several threads.
 */
public final class ForestPredictor implements Predictor {

    private static final double FAMILIAR = 1;
    private static final double EVEN = 0.5;

    private final PredictionModel model;
    private final Predictor simulation;

    /**
     * @param model      the trained models
     * @param simulation the predictor that the model was trained on top of
     */
    public ForestPredictor(PredictionModel model, Predictor simulation) {
        this.model = Checks.present("model", model);
        this.simulation = Checks.present("simulation", simulation);
    }

    /** The model in use. */
    public PredictionModel model() {
        return model;
    }

    @Override
    public Prediction predict(MigrationCase migrationCase, Technique technique) {
        double[] vector = new double[CaseVector.LENGTH];
        CaseVector.fillCase(migrationCase, vector);
        return predict(migrationCase, technique, vector, isFamiliar(vector), new double[2]);
    }

    @Override
    public Map<Technique, Prediction> predictAll(MigrationCase migrationCase, Collection<Technique> techniques) {
        double[] vector = new double[CaseVector.LENGTH];
        CaseVector.fillCase(migrationCase, vector);
        boolean familiar = isFamiliar(vector);
        double[] valueAndMargin = new double[2];
        Map<Technique, Prediction> predictions = new EnumMap<>(Technique.class);
        for (Technique technique : techniques) {
            predictions.put(technique, predict(migrationCase, technique, vector, familiar, valueAndMargin));
        }
        return predictions;
    }

    /** How far a case is from all that the model was trained on: up to 1 it is familiar ({@link TrainingDomain#distance}). */
    public double distance(MigrationCase migrationCase) {
        double[] vector = new double[CaseVector.LENGTH];
        CaseVector.fillCase(migrationCase, vector);
        return model.domain().distance(vector);
    }

    private boolean isFamiliar(double[] vector) {
        return model.domain().distance(vector) <= FAMILIAR;
    }

    private Prediction predict(
            MigrationCase migrationCase,
            Technique technique,
            double[] vector,
            boolean familiar,
            double[] valueAndMargin) {
        Prediction simulated = simulation.predict(migrationCase, technique);
        Map<Metric, Ensemble> ensembles = model.ensembles().get(technique);
        if (ensembles == null) {
            return simulated;
        }
        if (!familiar) {
            return simulated.basis() == Basis.UNSURE ? simulated : simulated.withBasis(Basis.UNFAMILIAR);
        }
        CaseVector.fillSimulated(simulated, vector);
        EnumMap<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Map.Entry<Metric, Ensemble> entry : ensembles.entrySet()) {
            Metric metric = entry.getKey();
            Ensemble ensemble = entry.getValue();
            ensemble.predict(model.trees(), vector, valueAndMargin);
            double offset = ensemble.residual() ? TargetScale.encode(metric, simulated.value(metric)) : 0;
            double encoded = valueAndMargin[0] + offset;
            estimates.put(
                    metric,
                    new Estimate(
                            TargetScale.decode(metric, encoded),
                            TargetScale.decode(metric, encoded - valueAndMargin[1]),
                            TargetScale.decode(metric, encoded + valueAndMargin[1])));
        }
        return new Prediction(estimates, ends(technique, simulated, vector), Basis.LEARNED);
    }

    private boolean ends(Technique technique, Prediction simulated, double[] vector) {
        Ensemble ensemble = model.converged().get(technique);
        return ensemble == null ? simulated.converges() : ensemble.value(model.trees(), vector) >= EVEN;
    }
}
