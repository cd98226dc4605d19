package io.github.godwit.model.predict.forest;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.TablePredictor;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Checks;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Predicts by a trained {@link PredictionModel}, which reads the case and what a simulation says of it. A technique that it
 * was not trained on, and a case that is unlike all it was trained on, is left to the simulation, and the prediction's
 * {@link Basis} says so. Immutable and safe for use by several threads.
 */
public final class ForestPredictor implements TablePredictor {

    private static final double FAMILIAR = 1;
    private static final Metric[] METRICS = Metric.values();

    private final PredictionModel model;
    private final Predictor simulation;
    private final int mostTrees;

    /**
     * @param model      the trained models
     * @param simulation the predictor that the model was trained on top of
     */
    public ForestPredictor(PredictionModel model, Predictor simulation) {
        this.model = Checks.present("model", model);
        this.simulation = Checks.present("simulation", simulation);
        this.mostTrees = Stream.concat(
                        model.ensembles().values().stream().flatMap(metrics -> metrics.values().stream()),
                        model.converged().values().stream())
                .mapToInt(ensemble -> ensemble.roots().length)
                .max()
                .orElse(0);
    }

    /** The model in use. */
    public PredictionModel model() {
        return model;
    }

    @Override
    public void predict(MigrationCase migrationCase, Collection<Technique> techniques, PredictionTable into) {
        simulation.predict(migrationCase, techniques, into);
        double[] vector = new double[CaseVector.LENGTH];
        CaseVector.fillCase(migrationCase, vector);
        boolean familiar = isFamiliar(migrationCase, vector);
        double[] values = new double[mostTrees];
        Answer answer = new Answer();
        for (Technique technique : techniques) {
            Map<Metric, Ensemble> ensembles = model.ensembles().get(technique);
            if (ensembles != null && familiar) {
                CaseVector.fillSimulated(into, technique, vector);
                learned(technique, ensembles, vector, values, answer, into);
            } else if (ensembles != null && into.basis(technique) != Basis.UNSURE) {
                into.complete(technique, into.endProbability(technique), Basis.UNFAMILIAR);
            }
        }
    }

    /** How far a case is from all that the model was trained on: up to 1 it is familiar ({@link TrainingDomain#distance}). */
    public double distance(MigrationCase migrationCase) {
        double[] vector = new double[CaseVector.LENGTH];
        CaseVector.fillCase(migrationCase, vector);
        return model.domain().distance(vector);
    }

    private boolean isFamiliar(MigrationCase migrationCase, double[] vector) {
        return !migrationCase.vm().nothingMeasured()
                && model.about().accelerators().contains(migrationCase.vm().accelerator())
                && model.domain().distance(vector) <= FAMILIAR;
    }

    /** Puts what was learned in the place of what was simulated. */
    private void learned(
            Technique technique,
            Map<Metric, Ensemble> ensembles,
            double[] vector,
            double[] values,
            Answer answer,
            PredictionTable into) {
        for (Metric metric : METRICS) {
            Ensemble ensemble = ensembles.get(metric);
            ensemble.predict(model.trees(), vector, values, answer);
            double offset = ensemble.residual() ? TargetScale.encode(metric, into.value(technique, metric)) : 0;
            double value = offset + answer.value;
            double middle = offset + answer.mean;
            into.set(
                    technique,
                    metric,
                    TargetScale.measurable(metric, value),
                    TargetScale.low(metric, value, middle - answer.margin),
                    TargetScale.high(metric, value, middle + answer.margin));
        }
        into.complete(technique, endProbability(technique, vector, values, answer, into), Basis.LEARNED);
    }

    private double endProbability(
            Technique technique, double[] vector, double[] values, Answer answer, PredictionTable simulated) {
        Ensemble ensemble = model.converged().get(technique);
        if (ensemble == null) {
            return simulated.endProbability(technique);
        }
        double offset = ensemble.residual() ? simulated.endProbability(technique) : 0;
        ensemble.predict(model.trees(), vector, values, answer);
        return Math.max(0, Math.min(1, offset + answer.mean));
    }
}
