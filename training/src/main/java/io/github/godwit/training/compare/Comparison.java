package io.github.godwit.training.compare;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.training.data.Sample;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The comparison of strategies that choose a technique, on real cases that were migrated by every technique, under every policy.
 *
 * @param cases    number of cases
 * @param policies costs by policy and strategy
 * @param foreseen how well violations were predicted, by policy
 * @param summary  benefit of the choice by prediction, over all policies
 * @param known    benefit of the choices by other runs of the same cases, by strategy
 */
public record Comparison(
        int cases,
        Map<String, Map<String, Score>> policies,
        Map<String, Violations> foreseen,
        Summary summary,
        Map<String, Summary> known) {

    /** Name of the strategy that chooses by prediction. */
    static final String GUIDED = "guided";

    /** Name of the strategy that chooses by prediction, and watches the migrations that can be switched to post-copy. */
    static final String WATCHED = "guided, watched";

    /** Pre-copy for every case. */
    static final String PRE = Technique.PRE_COPY.toString();

    /** Name of the strategy that chooses by the values of another run of the same case. */
    static final String OTHER_RUN = "another run";

    /** Name of the strategy that chooses by the mean over all runs of a case, including the run that is charged. */
    static final String MEAN_OF_RUNS = "mean of all runs";

    /** Name of the strategy that chooses by the measured values. */
    static final String ORACLE = "ORACLE";

    /**
     * The costs of a strategy under a policy.
     *
     * @param violations  number of violated SLOs over all cases
     * @param score       mean weighted violation ([FGCS 2025], equation 4)
     * @param optimised   mean of the policy's optimised metric, in its unit
     * @param totalTime   mean total time, in milliseconds
     * @param regret      cost of the optimised metric above that of ORACLE, as a share, over all cases
     * @param unfinished  number of migrations that did not converge
     * @param shares      share of the cases for which each technique was chosen
     */
    public record Score(
            int violations,
            double score,
            double optimised,
            double totalTime,
            double regret,
            int unfinished,
            Map<String, Double> shares) {}

    /**
     * How well violations were predicted, over all cases and techniques.
     *
     * @param truePositives  violations that were predicted and occurred
     * @param falseNegatives violations that occurred but were not predicted
     * @param falsePositives violations that were predicted but did not occur
     */
    public record Violations(int truePositives, int falseNegatives, int falsePositives) {}

    /** The cases to compare. */
    public enum Runs {
        /** Every run of every case. */
        EACH,
        /** Every run of the cases with several runs, also with the choices by another run and by the mean of all runs. */
        REPEATED,
        /** The means over the runs of these cases, which contain less noise. */
        MEANS
    }

    /**
     * Compares all strategies.
     *
     * @param samples     the rows
     * @param predictions predictions by row id, of models that never saw the VM of the row
     * @param runs        the cases to compare
     * @param watched     rows of migrations that could be switched to post-copy while they ran; if there are any, only cases with them are
     *                    compared
     * @throws IllegalArgumentException when there is no such case
     */
    public static Comparison of(
            List<Sample> samples,
            Map<String, Prediction> predictions,
            List<SloPolicy> policies,
            Runs runs,
            List<DatasetRow> watched) {
        List<MeasuredCase> all =
                watched.isEmpty() ? MeasuredCase.of(samples) : MeasuredCase.watched(MeasuredCase.of(samples), watched);
        Map<String, List<MeasuredCase>> repeated = MeasuredCase.repeated(all);
        List<MeasuredCase> cases = switch (runs) {
            case EACH -> all;
            case REPEATED -> repeated.values().stream().flatMap(List::stream).toList();
            case MEANS -> repeated.values().stream().map(MeasuredCase::mean).toList();
        };
        if (cases.isEmpty()) {
            throw new IllegalArgumentException(
                    "No case among the %d rows was migrated by every technique%s%s. Give more rows."
                            .formatted(
                                    samples.size(),
                                    watched.isEmpty() ? "" : ", also while watched",
                                    runs == Runs.EACH ? "" : ", several times"));
        }
        EnumSet<Technique> techniques = EnumSet.allOf(Technique.class);
        cases.forEach(migration -> techniques.retainAll(migration.measured().keySet()));
        Map<String, SelectionRule> strategies = SelectionRule.all(predictions, techniques, !watched.isEmpty());
        if (runs == Runs.REPEATED) {
            strategies.put(OTHER_RUN, SelectionRule.byAnotherRun(repeated));
            strategies.put(MEAN_OF_RUNS, SelectionRule.byMeanOfRuns(repeated));
        }
        return of(cases, predictions, policies, strategies);
    }

    private static Comparison of(
            List<MeasuredCase> cases,
            Map<String, Prediction> predictions,
            List<SloPolicy> policies,
            Map<String, SelectionRule> strategies) {
        Map<String, Map<String, Score>> scores = new LinkedHashMap<>();
        Map<String, Violations> foreseen = new LinkedHashMap<>();
        Map<String, Summary.Avoidance> avoidances = new LinkedHashMap<>();
        Stream.of(GUIDED, WATCHED, OTHER_RUN, MEAN_OF_RUNS)
                .filter(strategies::containsKey)
                .forEach(name -> avoidances.put(name, new Summary.Avoidance()));
        for (SloPolicy policy : policies) {
            Map<String, Score> own = new LinkedHashMap<>();
            List<SelectionRule.Result> best = results(strategies.get(ORACLE), cases, policy);
            strategies.forEach(
                    (name, strategy) -> own.put(name, score(results(strategy, cases, policy), best, policy)));
            List<SelectionRule.Result> preCopy = results(strategies.get(PRE), cases, policy);
            avoidances.forEach((name, avoidance) ->
                    avoidance.add(policy, preCopy, results(strategies.get(name), cases, policy), best));
            scores.put(policy.name(), own);
            foreseen.put(policy.name(), foreseen(cases, predictions, policy));
        }
        Map<String, Summary> summaries = new LinkedHashMap<>();
        avoidances.forEach((name, avoidance) -> summaries.put(name, Summary.of(name, avoidance, scores, policies)));
        Summary guided = summaries.remove(GUIDED);
        return new Comparison(cases.size(), scores, foreseen, guided, summaries);
    }

    private static List<SelectionRule.Result> results(
            SelectionRule strategy, List<MeasuredCase> cases, SloPolicy policy) {
        List<SelectionRule.Result> results = new ArrayList<>();
        for (MeasuredCase migration : cases) {
            Optional<SelectionRule.Result> result = strategy.choose(migration, policy);
            result.ifPresent(results::add);
        }
        return results;
    }

    private static Score score(List<SelectionRule.Result> results, List<SelectionRule.Result> best, SloPolicy policy) {
        Metric optimised = policy.optimize().keySet().iterator().next();
        int violations = 0;
        int unfinished = 0;
        double weighted = 0;
        double sum = 0;
        double bestSum = 0;
        double time = 0;
        Map<String, Double> shares = new TreeMap<>();
        for (int i = 0; i < results.size(); i++) {
            Prediction cost = results.get(i).cost();
            for (Slo slo : policy.slos()) {
                violations += slo.violatedBy(cost.value(slo.metric())) ? 1 : 0;
                weighted += slo.violation(cost.value(slo.metric()));
            }
            unfinished += cost.converges() ? 0 : 1;
            sum += cost.value(optimised);
            bestSum += best.get(i).cost().value(optimised);
            time += cost.value(Metric.TOTAL_TIME);
            shares.merge(results.get(i).label(), 1.0 / results.size(), Double::sum);
        }
        int count = results.size();
        double regret = bestSum == 0 ? 0 : (sum - bestSum) / Math.abs(bestSum);
        return new Score(violations, weighted / count, sum / count, time / count, regret, unfinished, shares);
    }

    private static Violations foreseen(
            List<MeasuredCase> cases, Map<String, Prediction> predictions, SloPolicy policy) {
        int truePositives = 0;
        int falseNegatives = 0;
        int falsePositives = 0;
        for (MeasuredCase migration : cases) {
            for (Map.Entry<Technique, Prediction> measured :
                    migration.measured().entrySet()) {
                Prediction predicted = predictions.get(migration.rows().get(measured.getKey()));
                for (Slo slo : policy.slos()) {
                    boolean really = slo.violatedBy(measured.getValue().value(slo.metric()));
                    boolean said = slo.violatedBy(predicted.value(slo.metric()));
                    truePositives += really && said ? 1 : 0;
                    falseNegatives += really && !said ? 1 : 0;
                    falsePositives += !really && said ? 1 : 0;
                }
            }
        }
        return new Violations(truePositives, falseNegatives, falsePositives);
    }
}
