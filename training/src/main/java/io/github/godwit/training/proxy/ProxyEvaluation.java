package io.github.godwit.training.proxy;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.proxy.OutsideView;
import io.github.godwit.model.proxy.PerformanceProxy;
import io.github.godwit.model.proxy.TechniqueFamily;
import io.github.godwit.training.evaluate.ErrorSummary.Pair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * All formulas on migrations that have both heartbeats and the figures from outside.
 *
 * @param accelerator of the guests
 * @param rows        number of migrations with both
 * @param scores      by family of techniques and formula; families without rows are missing
 */
public record ProxyEvaluation(Accelerator accelerator, int rows, List<ProxyScore> scores) {

    private static final String ALL = "all";

    /** Evaluates the rows of each accelerator; empty if no row has both. */
    public static List<ProxyEvaluation> of(List<DatasetRow> rows) {
        List<ProxyEvaluation> evaluations = new ArrayList<>();
        for (Accelerator accelerator : Accelerator.values()) {
            List<Outcome> both = rows.stream()
                    .map(DatasetRow::outcome)
                    .filter(outcome -> outcome.migrationCase().vm().accelerator() == accelerator)
                    .filter(outcome -> outcome.measured().containsKey(Metric.PERFORMANCE))
                    .filter(outcome -> outcome.outsideView().isPresent())
                    .toList();
            if (!both.isEmpty()) {
                evaluations.add(new ProxyEvaluation(accelerator, both.size(), scores(both)));
            }
        }
        return evaluations;
    }

    private static List<ProxyScore> scores(List<Outcome> outcomes) {
        Map<String, List<Outcome>> groups = new LinkedHashMap<>();
        for (TechniqueFamily family : TechniqueFamily.values()) {
            List<Outcome> alike = outcomes.stream()
                    .filter(outcome -> TechniqueFamily.of(outcome.technique()) == family)
                    .toList();
            if (!alike.isEmpty()) {
                groups.put(family.name(), alike);
            }
        }
        groups.put(ALL, outcomes);
        List<ProxyScore> scores = new ArrayList<>();
        groups.forEach((name, group) -> {
            for (PerformanceProxy proxy : PerformanceProxy.values()) {
                scores.add(ProxyScore.of(proxy, name, pairs(proxy, group)));
            }
        });
        return scores;
    }

    private static List<Pair> pairs(PerformanceProxy proxy, List<Outcome> outcomes) {
        List<Pair> pairs = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            OutsideView view = outcome.outsideView().orElseThrow();
            OptionalDouble value = proxy.of(view);
            if (value.isPresent()) {
                double measured = outcome.measured().get(Metric.PERFORMANCE);
                pairs.add(new Pair(
                        value.getAsDouble(), value.getAsDouble(), value.getAsDouble(), measured, view.usualCores()));
            }
        }
        return pairs;
    }
}
