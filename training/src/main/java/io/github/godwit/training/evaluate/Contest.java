package io.github.godwit.training.evaluate;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.forest.TargetScale;
import io.github.godwit.training.data.Sample;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Compares two predictors on the same rows, on which neither was trained.
 *
 * @param rows       number of rows
 * @param champion   mean absolute error of the model in use, by metric, on the scale of learning
 * @param challenger mean absolute error of the new model, by metric, on the scale of learning
 */
public record Contest(int rows, Map<Metric, Double> champion, Map<Metric, Double> challenger) {

    /** A new model must be better by this share, so that chance does not replace models. */
    private static final double LEAST_GAIN = 0.01;

    /** Predicts the migrations that converged with both. */
    public static Contest of(List<Sample> samples, Predictor champion, Predictor challenger) {
        List<Sample> ended = samples.stream().filter(Sample::converged).toList();
        return new Contest(ended.size(), errors(ended, champion), errors(ended, challenger));
    }

    private static Map<Metric, Double> errors(List<Sample> samples, Predictor predictor) {
        Map<Metric, Double> sums = new EnumMap<>(Metric.class);
        Map<Metric, Integer> counts = new EnumMap<>(Metric.class);
        for (Sample sample : samples) {
            var prediction = predictor.predict(sample.row().outcome().migrationCase(), sample.technique());
            for (Metric metric : Metric.values()) {
                if (sample.has(metric)) {
                    double error = TargetScale.encode(metric, prediction.value(metric)) - sample.encoded(metric);
                    sums.merge(metric, Math.abs(error), Double::sum);
                    counts.merge(metric, 1, Integer::sum);
                }
            }
        }
        sums.replaceAll((metric, sum) -> sum / counts.get(metric));
        return sums;
    }

    /** The geometric mean over the metrics of the challenger's error divided by the champion's; below 1 the challenger is better. */
    public double ratio() {
        double logs = 0;
        for (Metric metric : champion.keySet()) {
            logs += Math.log(Math.max(1e-9, challenger.get(metric)) / Math.max(1e-9, champion.get(metric)));
        }
        return champion.isEmpty() ? 1 : Math.exp(logs / champion.size());
    }

    /** Whether the challenger replaces the champion. */
    public boolean won() {
        return ratio() < 1 - LEAST_GAIN;
    }
}
