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
 * Predicts with a trained {@link PredictionModel}, whose input is the case and the prediction of a simulation. For a
 * technique that the model was not trained for, and for a case unlike its training cases, it returns the simulation's
 * prediction, and the prediction's {@link Basis} says so. Immutable and safe for use by several threads.
 */
public final class ForestPredictor implements TablePredictor {

    private static final double FAMILIAR = 1;
    private static final Metric[] METRICS = Metric.values();

    private final PredictionModel model;
    private final Predictor simulation;
    private final int maxTrees;

    /**
     * @param model      the trained models
     * @param simulation the predictor whose predictions the model was trained with
     */
    public ForestPredictor(PredictionModel model, Predictor simulation) {
        this.model = Checks.present("model", model);
        this.simulation = Checks.present("simulation", simulation);
        this.maxTrees = Stream.concat(
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
        double[] values = new double[maxTrees];
        EnsembleOutput output = new EnsembleOutput();
        for (Technique technique : techniques) {
            Map<Metric, Ensemble> ensembles = model.ensembles().get(technique);
            if (ensembles != null && familiar) {
                CaseVector.fillSimulated(into, technique, vector);
                learned(technique, ensembles, vector, values, output, into);
            } else if (ensembles != null && into.basis(technique) != Basis.UNSURE) {
                into.complete(technique, into.endProbability(technique), Basis.UNFAMILIAR);
            }
        }
    }

    /** Distance of a case from the training cases: up to 1 it is familiar ({@link TrainingDomain#distance}). */
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

    /** Replaces the simulated prediction by the learned one. */
    private void learned(
            Technique technique,
            Map<Metric, Ensemble> ensembles,
            double[] vector,
            double[] values,
            EnsembleOutput output,
            PredictionTable into) {
        for (Metric metric : METRICS) {
            Ensemble ensemble = ensembles.get(metric);
            ensemble.predict(model.trees(), vector, values, output);
            double offset = ensemble.residual() ? TargetScale.encode(metric, into.value(technique, metric)) : 0;
            double value = offset + output.value;
            double middle = offset + output.mean;
            into.set(
                    technique,
                    metric,
                    TargetScale.measurable(metric, value),
                    TargetScale.low(metric, value, middle - output.margin),
                    TargetScale.high(metric, value, middle + output.margin));
        }
        into.complete(technique, endProbability(technique, vector, values, output, into), Basis.LEARNED);
    }

    private double endProbability(
            Technique technique, double[] vector, double[] values, EnsembleOutput output, PredictionTable simulated) {
        Ensemble ensemble = model.converged().get(technique);
        if (ensemble == null) {
            return simulated.endProbability(technique);
        }
        double offset = ensemble.residual() ? simulated.endProbability(technique) : 0;
        ensemble.predict(model.trees(), vector, values, output);
        return Math.max(0, Math.min(1, offset + output.mean));
    }
}
