package io.github.godwit.training;

import io.github.godwit.model.Metric;
import io.github.godwit.model.Prediction;
import io.github.godwit.model.Predictor;
import io.github.godwit.model.Technique;
import io.github.godwit.model.api.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * A predictor judged by real outcomes.
 *
 * <p>A relative error is |predicted − measured| over the measured value; for CPU and MEM, which pass through zero, over at
 * least 10 % of a core and 10 MB. Only migrations that converged and were predicted to count for the metrics; all count
 * for convergence.
 *
 * @param rows       number of outcomes
 * @param errors     by technique and metric
 * @param convergence by technique, share of the outcomes for which convergence was predicted rightly
 * @param convergedRightly the same over all of them
 */
record AccuracyReport(
        int rows,
        Map<Technique, Map<Metric, RelativeErrors>> errors,
        Map<Technique, Double> convergence,
        double convergedRightly) {

    /** Predicts every outcome's case anew and compares. */
    static AccuracyReport of(List<Outcome> outcomes, Predictor predictor) {
        Map<Technique, Map<Metric, RelativeErrors>> errors = new EnumMap<>(Technique.class);
        Map<Technique, Double> convergence = new EnumMap<>(Technique.class);
        EnumSet<Technique> techniques = EnumSet.noneOf(Technique.class);
        outcomes.forEach(outcome -> techniques.add(outcome.technique()));
        for (Technique technique : techniques) {
            List<Outcome> own = outcomes.stream()
                    .filter(outcome -> outcome.technique() == technique)
                    .toList();
            errors.put(technique, errorsOf(own, predictor));
            convergence.put(technique, shareRight(own, predictor));
        }
        return new AccuracyReport(outcomes.size(), errors, convergence, shareRight(outcomes, predictor));
    }

    private static Map<Metric, RelativeErrors> errorsOf(List<Outcome> outcomes, Predictor predictor) {
        Map<Metric, List<Double>> errors = new EnumMap<>(Metric.class);
        for (Outcome outcome : outcomes) {
            Prediction prediction = predictor.predict(outcome.migrationCase(), outcome.technique());
            if (!outcome.converged() || !prediction.converges()) {
                continue;
            }
            outcome.measured()
                    .forEach((metric, measured) -> errors.computeIfAbsent(metric, key -> new ArrayList<>())
                            .add(Math.abs(prediction.value(metric) - measured) / scale(metric, measured)));
        }
        Map<Metric, RelativeErrors> result = new EnumMap<>(Metric.class);
        errors.forEach((metric, values) -> result.put(
                metric,
                RelativeErrors.of(
                        values.stream().mapToDouble(Double::doubleValue).toArray())));
        return result;
    }

    private static double shareRight(List<Outcome> outcomes, Predictor predictor) {
        return outcomes.stream()
                .mapToInt(outcome -> predictor
                                        .predict(outcome.migrationCase(), outcome.technique())
                                        .converges()
                                == outcome.converged()
                        ? 1
                        : 0)
                .average()
                .orElse(Double.NaN);
    }

    private static double scale(Metric metric, double measured) {
        double least = switch (metric) {
            case CPU, MEM -> 10;
            case TT, DT -> 1;
            case TD -> 0.1;
            case PERF -> 0.01;
        };
        return Math.max(Math.abs(measured), least);
    }
}
