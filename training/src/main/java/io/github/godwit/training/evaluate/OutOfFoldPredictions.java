package io.github.godwit.training.evaluate;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.OutOfFold.Guess;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Complete predictions of all rows by models that were trained without the VM of the row. */
public final class OutOfFoldPredictions {

    private static final double EVEN = 0.5;

    private OutOfFoldPredictions() {}

    /**
     * Combines out-of-fold predictions of single problems to complete predictions.
     *
     * @return predictions by row id; a row without models has that of the simulation
     */
    public static Map<String, Prediction> of(List<Sample> samples, List<OutOfFold> models) {
        Map<String, Map<Metric, Estimate>> estimates = new HashMap<>();
        Map<String, Double> ends = new HashMap<>();
        for (OutOfFold model : models) {
            double floor = model.spreadFloor();
            double quantile = model.quantile();
            for (Guess guess : model.guesses()) {
                String id = guess.sample().row().id();
                if (model.problem().metric() == null) {
                    ends.put(id, Math.max(0, Math.min(1, guess.value())));
                } else {
                    estimates
                            .computeIfAbsent(id, any -> new EnumMap<>(Metric.class))
                            .put(
                                    model.problem().metric(),
                                    Evaluation.estimate(model, guess, quantile * (guess.spread() + floor)));
                }
            }
        }
        Map<String, Prediction> predictions = new HashMap<>();
        for (Sample sample : samples) {
            String id = sample.row().id();
            Map<Metric, Estimate> own = new EnumMap<>(sample.simulated().estimates());
            own.putAll(estimates.getOrDefault(id, Map.of()));
            double ending = ends.getOrDefault(id, sample.simulated().endProbability());
            predictions.put(id, new Prediction(own, ending >= EVEN, ending, Basis.LEARNED));
        }
        return predictions;
    }
}
