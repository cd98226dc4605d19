package io.github.godwit.strategy.shadow;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Metric.Bound;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.select.Slo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * What Godwit is expected to have saved: the measured cost of Nova's own flags less the predicted cost of the choice; of PERF, of which more
 * is better, the other way round. What would have been left to Nova saves nothing.
 *
 * <p>How sure that is comes from a bootstrap: migrations are drawn with replacement, and what the choice would have cost each is drawn from
 * the interval of its prediction and the errors that were seen ({@link SeenErrors}). The same migrations always give the same interval. Pure.
 */
final class Savings {

    /** Fewer migrations say too little for an interval. */
    static final int ENOUGH = 10;

    private static final long SEED = 20_261_201;
    private static final int MOST_REPLICATES = 2_000;
    private static final int LEAST_REPLICATES = 200;

    /** So many draws take less than a second. */
    private static final int DRAWS = 4_000_000;

    private final List<RecordedMigration> migrations;
    private final SeenErrors errors;

    /**
     * @param migrations comparable migrations
     * @param errors     the errors of all predictions that were seen
     */
    Savings(List<RecordedMigration> migrations, SeenErrors errors) {
        this.migrations = migrations;
        this.errors = errors;
    }

    /** What was saved of a metric, or nothing if it was never measured. */
    Optional<Saving> of(Metric metric) {
        List<RecordedMigration> with = migrations.stream()
                .filter(each -> each.cost(metric) != null && estimate(each, metric) != null)
                .toList();
        return saving(
                with,
                each -> saved(each, metric, estimate(each, metric).value()),
                (each, random) -> each.choice().leftToNova()
                        ? 0
                        : saved(each, metric, errors.draw(metric, estimate(each, metric), random)));
    }

    /** Violations of SLOs that were avoided, among the SLOs whose metric was measured; nothing if there is no such SLO. */
    Optional<Saving> violations() {
        List<RecordedMigration> with =
                migrations.stream().filter(each -> !judged(each).isEmpty()).toList();
        return saving(
                with,
                each -> avoided(each, slo -> estimate(each, slo.metric()).value()),
                (each, random) ->
                        avoided(each, slo -> errors.draw(slo.metric(), estimate(each, slo.metric()), random)));
    }

    /** Draws what one migration saves. */
    private interface Draw {
        double of(RecordedMigration migration, SplittableRandom random);
    }

    private static Optional<Saving> saving(
            List<RecordedMigration> with, ToDoubleFunction<RecordedMigration> expected, Draw draw) {
        if (with.isEmpty()) {
            return Optional.empty();
        }
        double sum = with.stream().mapToDouble(expected).sum();
        if (with.size() < ENOUGH) {
            return Optional.of(Saving.unsure(with.size(), sum));
        }
        SplittableRandom random = new SplittableRandom(SEED);
        double[] sums = new double[Math.max(LEAST_REPLICATES, Math.min(MOST_REPLICATES, DRAWS / with.size()))];
        for (int replicate = 0; replicate < sums.length; replicate++) {
            for (int i = 0; i < with.size(); i++) {
                sums[replicate] += draw.of(with.get(random.nextInt(with.size())), random);
            }
        }
        return Optional.of(Saving.of(with.size(), sum, sums));
    }

    private static Estimate estimate(RecordedMigration migration, Metric metric) {
        return migration.choice().predicted().get(metric);
    }

    private static double saved(RecordedMigration migration, Metric metric, double choice) {
        if (migration.choice().leftToNova()) {
            return 0;
        }
        double nova = migration.cost(metric);
        return metric.bound() == Bound.UPPER ? nova - choice : choice - nova;
    }

    /** The SLOs that what was measured can be judged by; a proxy of PERF is not PERF. */
    private static List<Slo> judged(RecordedMigration migration) {
        List<Slo> judged = new ArrayList<>(migration.choice().slos());
        judged.removeIf(
                slo -> !migration.measured().containsKey(slo.metric()) || estimate(migration, slo.metric()) == null);
        return judged;
    }

    private static double avoided(RecordedMigration migration, ToDoubleFunction<Slo> choice) {
        if (migration.choice().leftToNova()) {
            return 0;
        }
        double avoided = 0;
        for (Slo slo : judged(migration)) {
            avoided += slo.violatedBy(migration.measured().get(slo.metric())) ? 1 : 0;
            avoided -= slo.violatedBy(choice.applyAsDouble(slo)) ? 1 : 0;
        }
        return avoided;
    }
}
