package io.github.godwit.training.compare;

import io.github.godwit.model.Metric;
import io.github.godwit.model.Prediction;
import io.github.godwit.model.Prediction.Basis;
import io.github.godwit.model.Prediction.Estimate;
import io.github.godwit.model.Technique;
import io.github.godwit.training.data.Sample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A case that was really migrated by every technique.
 *
 * @param id       its id
 * @param measured what each technique cost
 * @param rows     id of each technique's row
 */
record MeasuredCase(String id, Map<Technique, Prediction> measured, Map<Technique, String> rows) {

    private static final double NEARLY_ALL = 0.8;

    /** Stands for the downtime of a migration that never came to one: it breaks every SLO that ships. */
    private static final double NEVER_MILLIS = 60_000;

    /** The cases that were migrated by all techniques that nearly every case was migrated by. */
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
                measured.put(sample.technique(), measured(sample));
                ids.put(sample.technique(), sample.row().id());
            }
            if (measured.keySet().containsAll(wanted)) {
                cases.add(new MeasuredCase(id, measured, ids));
            }
        });
        return cases;
    }

    /** What was measured, in the form of a prediction that is exact. What was cut at its time limit has no downtime. */
    static Prediction measured(Sample sample) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            double value = sample.has(metric) ? sample.measured(metric) : NEVER_MILLIS;
            estimates.put(metric, new Estimate(value, value, value));
        }
        return new Prediction(estimates, sample.converged(), Basis.LEARNED);
    }
}
