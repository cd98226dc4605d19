package io.github.godwit.training.compare;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.training.data.Sample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A case with measured migrations by every technique.
 *
 * @param id       its id
 * @param measured measured values by technique
 * @param rows     row ids by technique
 * @param watched  measured values by technique of migrations that could be switched to post-copy while they ran; empty where none were
 *                 measured
 */
record MeasuredCase(
        String id,
        Map<Technique, Prediction> measured,
        Map<Technique, String> rows,
        Map<Technique, Prediction> watched) {

    private static final double NEARLY_ALL = 0.8;

    /** Downtime of a migration that did not converge; it violates the downtime SLO of every shipped policy. */
    private static final double NEVER_MILLIS = 60_000;

    /**
     * The cases that were also migrated while watched, by every technique that can be switched to post-copy.
     *
     * @param rows the rows of such migrations
     */
    static List<MeasuredCase> watched(List<MeasuredCase> cases, List<DatasetRow> rows) {
        Map<String, Map<Technique, Prediction>> byCase = new HashMap<>();
        for (DatasetRow row : rows) {
            byCase.computeIfAbsent(row.caseId(), any -> new EnumMap<>(Technique.class))
                    .put(row.outcome().technique(), measured(row.outcome()));
        }
        return cases.stream()
                .map(each -> new MeasuredCase(
                        each.id(), each.measured(), each.rows(), byCase.getOrDefault(each.id(), Map.of())))
                .filter(each -> each.measured().keySet().stream()
                        .filter(technique -> technique.traits().canFallBack())
                        .allMatch(each.watched()::containsKey))
                .toList();
    }

    /** The complete cases: those with a row for every technique that at least nearly all cases have. */
    static List<MeasuredCase> of(List<Sample> samples) {
        Map<String, List<Sample>> byCase = new LinkedHashMap<>();
        samples.forEach(sample -> byCase.computeIfAbsent(sample.row().caseId(), any -> new ArrayList<>())
                .add(sample));
        Set<Technique> wanted = EnumSet.noneOf(Technique.class);
        for (Technique technique : Technique.values()) {
            long with = byCase.values().stream()
                    .filter(rows -> rows.stream().anyMatch(sample -> sample.technique() == technique))
                    .count();
            if (with > byCase.size() * NEARLY_ALL) {
                wanted.add(technique);
            }
        }
        List<MeasuredCase> cases = new ArrayList<>();
        byCase.forEach((id, rows) -> {
            Map<Technique, Prediction> measured = new EnumMap<>(Technique.class);
            Map<Technique, String> ids = new EnumMap<>(Technique.class);
            for (Sample sample : rows) {
                measured.put(sample.technique(), measured(sample.row().outcome()));
                ids.put(sample.technique(), sample.row().id());
            }
            if (measured.keySet().containsAll(wanted)) {
                cases.add(new MeasuredCase(id, measured, ids, Map.of()));
            }
        });
        return cases;
    }

    /** The runs of the cases that were measured more than once, by {@link Sample#profileId}. */
    static Map<String, List<MeasuredCase>> repeated(List<MeasuredCase> cases) {
        Map<String, List<MeasuredCase>> runs = new LinkedHashMap<>();
        cases.forEach(migration -> runs.computeIfAbsent(Sample.profileId(migration.id()), any -> new ArrayList<>())
                .add(migration));
        runs.values().removeIf(same -> same.size() < 2);
        return runs;
    }

    /**
     * The mean of several runs of a case: the mean of each metric, for the techniques that all runs have. A technique that did not
     * converge in one run does not converge.
     *
     * @param runs runs of the same case
     */
    static MeasuredCase mean(List<MeasuredCase> runs) {
        MeasuredCase first = runs.get(0);
        Map<Technique, Prediction> means = new EnumMap<>(first.measured());
        runs.forEach(run -> means.keySet().retainAll(run.measured().keySet()));
        means.replaceAll((technique, any) ->
                meanCost(runs.stream().map(run -> run.measured().get(technique)).toList()));
        Map<Technique, String> rows = new EnumMap<>(first.rows());
        rows.keySet().retainAll(means.keySet());
        return new MeasuredCase(Sample.profileId(first.id()), means, rows, Map.of());
    }

    private static Prediction meanCost(List<Prediction> measured) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            double mean = measured.stream()
                    .mapToDouble(cost -> cost.value(metric))
                    .average()
                    .orElseThrow();
            estimates.put(metric, new Estimate(mean, mean, mean));
        }
        return new Prediction(estimates, measured.stream().allMatch(Prediction::converges), Basis.LEARNED);
    }

    /** The measured values as an exact prediction. A migration that was cancelled at its time limit has no downtime. */
    static Prediction measured(Outcome outcome) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            double value = outcome.metrics().getOrDefault(metric, NEVER_MILLIS);
            estimates.put(metric, new Estimate(value, value, value));
        }
        return new Prediction(estimates, outcome.converged(), Basis.LEARNED);
    }
}
