package io.github.godwit.training.compare;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.select.TechniqueSelector;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.training.data.Sample;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A rule that chooses the technique of a case under a policy. */
interface SelectionRule {

    /** Returns the choice and its measured cost, or empty when the chosen technique was not measured. */
    Optional<Result> choose(MeasuredCase migration, SloPolicy policy);

    /**
     * A choice and its cost.
     *
     * @param label name of the choice
     * @param cost  measured values of the choice
     */
    record Result(String label, Prediction cost) {}

    /**
     * All rules by name: by prediction, each technique for every case, Nova's configurations, and by the measured values.
     *
     * @param watched whether the cases were also migrated while watched; then also by prediction with watching, and each technique that
     *                can be switched to post-copy with it
     */
    static Map<String, SelectionRule> all(
            Map<String, Prediction> predictions, Iterable<Technique> techniques, boolean watched) {
        Map<String, SelectionRule> strategies = new LinkedHashMap<>();
        strategies.put(
                Comparison.GUIDED,
                (migration, policy) -> selected(migration, policy, id -> predictions.get(id), false));
        for (Technique technique : techniques) {
            strategies.put(technique.toString(), (migration, policy) -> fixed(migration, technique));
        }
        if (watched) {
            strategies.put(
                    Comparison.WATCHED,
                    (migration, policy) -> selected(migration, policy, id -> predictions.get(id), true));
            for (Technique technique : techniques) {
                if (technique.traits().canFallBack()) {
                    strategies.put(technique + ", watched", (migration, policy) -> watched(migration, technique));
                }
            }
        }
        strategies.put("Nova: PRE", (migration, policy) -> fixed(migration, Technique.PRE_COPY));
        strategies.put("Nova: auto-converge", (migration, policy) -> fixed(migration, Technique.AUTO_CONVERGE));
        strategies.put("Nova: post-copy after timeout", (migration, policy) -> postCopyAfterTimeout(migration));
        strategies.put(Comparison.ORACLE, (migration, policy) -> hindsight(migration, policy));
        return strategies;
    }

    private static Optional<Result> fixed(MeasuredCase migration, Technique technique) {
        return Optional.ofNullable(migration.measured().get(technique))
                .map(cost -> new Result(technique.toString(), cost));
    }

    private static Optional<Result> selected(
            MeasuredCase migration, SloPolicy policy, Function<String, Prediction> predictions, boolean watched) {
        Map<Technique, Prediction> each = new EnumMap<>(Technique.class);
        migration.rows().forEach((technique, row) -> each.put(technique, predictions.apply(row)));
        return watched
                ? watched(migration, technique(new TechniqueSelector(), each, policy))
                : chosen(migration, each, policy);
    }

    /** A technique with what it cost while it was watched; the others are not changed while they run. */
    private static Optional<Result> watched(MeasuredCase migration, Technique technique) {
        Prediction cost = migration.watched().get(technique);
        return cost == null ? fixed(migration, technique) : Optional.of(new Result(technique + ", watched", cost));
    }

    private static Optional<Result> hindsight(MeasuredCase migration, SloPolicy policy) {
        return chosen(migration, migration.measured(), policy);
    }

    /**
     * Chooses by the values of another run of the same case. The next migration never costs exactly the same, and predictions can
     * hardly be better than this.
     *
     * @param repeated the cases with several runs, by {@link Sample#profileId}
     */
    static SelectionRule byAnotherRun(Map<String, List<MeasuredCase>> repeated) {
        return (migration, policy) -> {
            List<MeasuredCase> runs = repeated.get(Sample.profileId(migration.id()));
            MeasuredCase other = runs.get((runs.indexOf(migration) + 1) % runs.size());
            return known(migration, other, policy);
        };
    }

    /**
     * Chooses by the mean over all runs of a case, including the run that is charged. No prediction can know more, so the violations
     * that remain are noise.
     *
     * @param repeated the cases with several runs, by {@link Sample#profileId}
     */
    static SelectionRule byMeanOfRuns(Map<String, List<MeasuredCase>> repeated) {
        return (migration, policy) ->
                known(migration, MeasuredCase.mean(repeated.get(Sample.profileId(migration.id()))), policy);
    }

    private static Optional<Result> known(MeasuredCase migration, MeasuredCase by, SloPolicy policy) {
        Map<Technique, Prediction> known = new EnumMap<>(by.measured());
        known.keySet().retainAll(migration.measured().keySet());
        return chosen(migration, known, policy);
    }

    private static Optional<Result> chosen(
            MeasuredCase migration, Map<Technique, Prediction> predictions, SloPolicy policy) {
        return fixed(migration, technique(TechniqueSelector.unwatched(), predictions, policy));
    }

    private static Technique technique(
            TechniqueSelector selector, Map<Technique, Prediction> predictions, SloPolicy policy) {
        return selector.choose(TechniqueAvailability.all(), PredictionTable.of(predictions), policy);
    }

    /**
     * Nova with {@code live_migration_timeout_action = force_complete} and post-copy permitted: pre-copy, and past the time limit
     * post-copy. Where pre-copy did not converge, the cost is composed of two real migrations: pre-copy until the limit, then
     * post-copy.
     */
    private static Optional<Result> postCopyAfterTimeout(MeasuredCase migration) {
        Prediction pre = migration.measured().get(Technique.PRE_COPY);
        Prediction post = migration.measured().get(Technique.POST_COPY);
        if (pre.converges()) {
            return Optional.of(new Result("PRE", pre));
        }
        Map<Metric, Estimate> both = new EnumMap<>(Metric.class);
        double first = pre.value(Metric.TOTAL_TIME);
        double second = post.value(Metric.TOTAL_TIME);
        for (Metric metric : Metric.values()) {
            double value = switch (metric) {
                case TOTAL_TIME, TRANSFERRED_DATA -> pre.value(metric) + post.value(metric);
                case DOWNTIME -> post.value(metric);
                case PERFORMANCE, CPU -> (pre.value(metric) * first + post.value(metric) * second) / (first + second);
                case MEMORY -> Math.max(pre.value(metric), post.value(metric));
            };
            both.put(metric, new Estimate(value, value, value));
        }
        return Optional.of(new Result("PRE then POST", new Prediction(both, true)));
    }
}
