package io.github.godwit.model;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/** Predictions written down by hand for tests. */
final class Predictions {

    private Predictions() {}

    /** One that converges, with these values and no interval. */
    static Prediction of(double tt, double dt, double td, double perf, double cpu, double mem) {
        return prediction(true, tt, dt, td, perf, cpu, mem);
    }

    /** One that does not. */
    static Prediction endless(double tt, double dt, double td, double perf, double cpu, double mem) {
        return prediction(false, tt, dt, td, perf, cpu, mem);
    }

    private static Prediction prediction(
            boolean converges, double tt, double dt, double td, double perf, double cpu, double mem) {
        Map<Metric, Prediction.Estimate> estimates = new EnumMap<>(Metric.class);
        Map.of(
                        Metric.TT, tt,
                        Metric.DT, dt,
                        Metric.TD, td,
                        Metric.PERF, perf,
                        Metric.CPU, cpu,
                        Metric.MEM, mem)
                .forEach((metric, value) -> estimates.put(metric, new Prediction.Estimate(value, value, value)));
        return new Prediction(estimates, converges);
    }

    /** One for each technique, as chance has it. */
    static Map<Technique, Prediction> drawn(Random random) {
        Map<Technique, Prediction> predictions = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            Map<Metric, Prediction.Estimate> estimates = new EnumMap<>(Metric.class);
            for (Metric metric : Metric.values()) {
                double value = metric == Metric.PERF ? random.nextDouble() : Math.exp(12 * random.nextDouble());
                double margin = value * 0.3 * random.nextDouble();
                estimates.put(metric, new Prediction.Estimate(value, value - margin, value + margin));
            }
            double ends = random.nextDouble();
            predictions.put(technique, new Prediction(estimates, ends >= 0.5, ends, Prediction.Basis.LEARNED));
        }
        return predictions;
    }
}
