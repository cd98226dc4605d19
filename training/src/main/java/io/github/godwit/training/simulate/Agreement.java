package io.github.godwit.training.simulate;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.Folds;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;

/**
 * Compares the errors of the simulation in simulated rows with those in real rows: the two-sample Kolmogorov–Smirnov statistic of
 * both distributions on the scale of learning, 0 for equal and 1 for disjoint ones. The simulated rows take their errors from one
 * half of the VMs; the real rows are those of the other half.
 */
public final class Agreement {

    private static final int SIMULATED_FOR_EACH = 3;

    private Agreement() {}

    /** Returns the statistic by metric. */
    public static Map<Metric, Double> of(List<Sample> real, Predictor simulation, long seed) {
        Folds halves = Folds.byVm(real, 2, seed);
        List<Sample> known = real.stream()
                .filter(sample -> halves.of().apply(sample).equals("0"))
                .toList();
        List<Sample> others = real.stream()
                .filter(sample -> halves.of().apply(sample).equals("1"))
                .toList();
        List<Sample> simulated =
                Sample.of(new Simulator(known, simulation).rows(SIMULATED_FOR_EACH * others.size(), seed), simulation);
        Map<Metric, Double> statistics = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            statistics.put(
                    metric,
                    new KolmogorovSmirnovTest()
                            .kolmogorovSmirnovStatistic(errors(others, metric), errors(simulated, metric)));
        }
        return statistics;
    }

    private static double[] errors(List<Sample> samples, Metric metric) {
        return samples.stream()
                .filter(sample -> sample.converged() && sample.simulated().converges() && sample.has(metric))
                .mapToDouble(sample -> sample.encoded(metric) - sample.simulatedEncoded(metric))
                .toArray();
    }
}
