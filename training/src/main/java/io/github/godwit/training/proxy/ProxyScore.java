package io.github.godwit.training.proxy;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.proxy.PerformanceProxy;
import io.github.godwit.training.evaluate.ErrorSummary;
import io.github.godwit.training.evaluate.ErrorSummary.Pair;
import java.util.List;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * How well one formula agrees with the heartbeats.
 *
 * @param proxy       the formula
 * @param techniques  the family of techniques, or {@code all}
 * @param rows        number of migrations with heartbeats for which the formula has a value
 * @param gmre        geometric mean of its relative errors
 * @param correlation Spearman's rank correlation; NaN for fewer than two rows, or if all have the same value
 * @param bias        mean of proxy minus PERF
 */
public record ProxyScore(
        PerformanceProxy proxy, String techniques, int rows, double gmre, double correlation, double bias) {

    /** Scores pairs of a formula's value (predicted) and PERF (measured). */
    static ProxyScore of(PerformanceProxy proxy, String techniques, List<Pair> pairs) {
        double[] proxies = pairs.stream().mapToDouble(Pair::predicted).toArray();
        double[] measured = pairs.stream().mapToDouble(Pair::measured).toArray();
        return new ProxyScore(
                proxy,
                techniques,
                pairs.size(),
                ErrorSummary.of(Metric.PERFORMANCE, pairs).gmre(),
                pairs.size() < 2 ? Double.NaN : new SpearmansCorrelation().correlation(proxies, measured),
                pairs.stream()
                        .mapToDouble(pair -> pair.predicted() - pair.measured())
                        .average()
                        .orElse(Double.NaN));
    }
}
