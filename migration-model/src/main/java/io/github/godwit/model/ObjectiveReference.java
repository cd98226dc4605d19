package io.github.godwit.model;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** The thresholds that the objective of equation 5 is measured from. */
record ObjectiveReference(Map<Technique, Prediction> predictions, Collection<Technique> candidates) {

    /** For each optimised metric: its SLO's threshold, else PRE's prediction, else the greatest among the candidates. */
    Map<Metric, Double> thresholds(SloPolicy policy) {
        Map<Metric, Double> result = new EnumMap<>(Metric.class);
        for (Metric metric : policy.optimize().keySet()) {
            result.put(metric, policy.slo(metric).map(Slo::threshold).orElseGet(() -> withoutSlo(metric)));
        }
        return result;
    }

    private double withoutSlo(Metric metric) {
        Prediction preCopy = predictions.get(Technique.PRE);
        double reference = preCopy != null
                ? preCopy.value(metric)
                : candidates.stream()
                        .mapToDouble(technique -> predictions.get(technique).value(metric))
                        .max()
                        .orElseThrow();
        return Math.max(0, reference);
    }
}
