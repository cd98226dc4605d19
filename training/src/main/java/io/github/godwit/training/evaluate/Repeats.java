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
 * How much equal migrations differ: of a VM that was migrated several times by one technique from the same look at it. Who knew the
 * mean of all such migrations would be wrong about the next by this much, so that no prediction can be better.
 *
 * @param migrations number of migrations that were made several times and ended
 * @param gmre       by metric, geometric mean of the relative errors that the mean of all would have: how far n equal migrations lie
 *     from their own mean, times √(n/(n−1)), with the resolution and scale of {@link ErrorSummary}
 */
public record Repeats(int migrations, Map<Metric, Double> gmre) {

    /** Among samples; no metrics where nothing was measured several times. */
    public static Repeats of(List<Sample> samples) {
        List<List<Sample>> repeated = samples.stream()
                .filter(Sample::converged)
                .collect(Collectors.groupingBy(
                        sample -> Sample.look(sample.row().caseId()) + " " + sample.technique(),
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
