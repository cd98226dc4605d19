package io.github.godwit.model;

import java.util.EnumMap;
import java.util.Map;

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
}
