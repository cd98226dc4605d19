package io.github.godwit.training.evaluate;

import io.github.godwit.model.Metric;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.ErrorSummary.Pair;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much equal migrations differ: of a VM that was migrated twice by one technique from the same look at it. Who knew the mean
 * of all such migrations would be wrong about the next by this much, so that no prediction can be better.
 *
 * @param pairs number of migrations that were made twice and ended both times
 * @param gmre  by metric, geometric mean of the relative errors that the mean of all would have: |a − b| / √2 over their mean,
 *     with the resolution and scale of {@link ErrorSummary}
 */
public record Repeats(int pairs, Map<Metric, Double> gmre) {

    /** Among samples; no metrics where nothing was measured twice. */
    public static Repeats of(List<Sample> samples) {
        Map<String, Sample> ended = new HashMap<>();
        samples.stream().filter(Sample::converged).forEach(sample -> ended.put(key(caseOf(sample), sample), sample));
        List<Sample> firsts = samples.stream()
                .filter(Sample::converged)
                .filter(sample -> caseOf(sample).compareTo(otherTime(sample)) < 0)
                .filter(sample -> ended.containsKey(key(otherTime(sample), sample)))
                .toList();
        Map<Metric, Double> gmre = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            List<Pair> pairs = new ArrayList<>();
            for (Sample first : firsts) {
                Sample second = ended.get(key(otherTime(first), first));
                if (first.has(metric) && second.has(metric)) {
                    pairs.add(pair(metric, first, second));
                }
            }
            if (!pairs.isEmpty()) {
                gmre.put(metric, ErrorSummary.of(metric, pairs).gmre());
            }
        }
        return new Repeats(firsts.size(), gmre);
    }

    private static Pair pair(Metric metric, Sample first, Sample second) {
        double mean = (first.measured(metric) + second.measured(metric)) / 2;
        double off = mean + (first.measured(metric) - second.measured(metric)) / Math.sqrt(2);
        return new Pair(
                off, off, off, mean, first.row().outcome().migrationCase().vm().vcpuUse());
    }

    private static String caseOf(Sample sample) {
        return sample.row().caseId();
    }

    private static String otherTime(Sample sample) {
        return Sample.otherTime(caseOf(sample));
    }

    private static String key(String caseId, Sample sample) {
        return caseId + " " + sample.technique();
    }
}
