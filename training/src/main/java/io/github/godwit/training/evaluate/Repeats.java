package io.github.godwit.training.evaluate;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.ErrorSummary.Pair;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The differences between repeated migrations of a VM by one technique from the same profile. A predictor that knew the mean of all
 * such migrations would still have this error, so no prediction can be better.
 *
 * @param migrations number of repeated migrations that converged
 * @param gmre       by metric, geometric mean of the relative errors of the mean: the distances of n repeated migrations from their own
 *     mean, times √(n/(n−1)), with the resolution and scale of {@link ErrorSummary}
 */
public record Repeats(int migrations, Map<Metric, Double> gmre) {

    /** Finds the repeated migrations among samples; without any, there are no metrics. */
    public static Repeats of(List<Sample> samples) {
        List<List<Sample>> repeated = samples.stream()
                .filter(Sample::converged)
                .collect(Collectors.groupingBy(
                        sample -> Sample.profileId(sample.row().caseId()) + " " + sample.technique(),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .values()
                .stream()
                .filter(equal -> equal.size() > 1)
                .toList();
        Map<Metric, Double> gmre = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            List<Pair> pairs = repeated.stream()
                    .flatMap(equal -> pairs(
                            metric,
                            equal.stream().filter(sample -> sample.has(metric)).toList()))
                    .toList();
            if (!pairs.isEmpty()) {
                gmre.put(metric, ErrorSummary.of(metric, pairs).gmre());
            }
        }
        return new Repeats(repeated.stream().mapToInt(List::size).sum(), gmre);
    }

    private static Stream<Pair> pairs(Metric metric, List<Sample> equal) {
        int count = equal.size();
        if (count < 2) {
            return Stream.empty();
        }
        double mean = equal.stream()
                .mapToDouble(sample -> sample.measured(metric))
                .average()
                .orElseThrow();
        double unbiased = Math.sqrt(count / (count - 1.0));
        return equal.stream().map(sample -> {
            double off = mean + (sample.measured(metric) - mean) * unbiased;
            return new Pair(
                    off,
                    off,
                    off,
                    mean,
                    sample.row().outcome().migrationCase().vm().vcpuUse());
        });
    }
}
