package io.github.godwit.strategy.shadow;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The migrations that Nova ran by one technique, or all of them.
 *
 * @param technique         the technique that Nova's own flags resulted in; null for all migrations
 * @param migrations        number of migrations that are compared
 * @param chosen            how often Godwit would have chosen each technique
 * @param leftToNova        how often it would have left the migration to Nova's own flags all the same
 * @param accuracy          by metric how well Nova's own migrations were predicted
 * @param saved             by metric what Godwit is expected to have saved: TT, DT, TD and PERF
 * @param violationsAvoided violations of SLOs that it is expected to have avoided; null if nothing that an SLO limits was measured
 * @param perfProxies       number of migrations whose PERF is a proxy from outside of the guest
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ObservedGroup(
        Technique technique,
        int migrations,
        Map<Technique, Integer> chosen,
        int leftToNova,
        Map<Metric, Accuracy> accuracy,
        Map<Metric, Saving> saved,
        Saving violationsAvoided,
        int perfProxies) {

    private static final List<Metric> SAVED =
            List.of(Metric.TOTAL_TIME, Metric.DOWNTIME, Metric.TRANSFERRED_DATA, Metric.PERFORMANCE);

    /**
     * Compares migrations. Pure.
     *
     * @param technique  the technique that they ran by; null for several
     * @param migrations comparable migrations
     * @param errors     the errors of all predictions that were seen
     */
    static ObservedGroup of(Technique technique, List<RecordedMigration> migrations, SeenErrors errors) {
        Map<Technique, Integer> chosen = new EnumMap<>(Technique.class);
        migrations.stream()
                .map(RecordedMigration::choice)
                .filter(choice -> !choice.leftToNova())
                .forEach(choice -> chosen.merge(choice.technique(), 1, Integer::sum));
        Map<Metric, Accuracy> accuracy = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            Accuracy.of(metric, migrations).ifPresent(found -> accuracy.put(metric, found));
        }
        Savings savings = new Savings(migrations, errors);
        Map<Metric, Saving> saved = new EnumMap<>(Metric.class);
        for (Metric metric : SAVED) {
            savings.of(metric).ifPresent(found -> saved.put(metric, found));
        }
        Optional<Saving> avoided = savings.violations();
        return new ObservedGroup(
                technique,
                migrations.size(),
                chosen,
                (int) migrations.stream()
                        .filter(each -> each.choice().leftToNova())
                        .count(),
                accuracy,
                saved,
                avoided.orElse(null),
                (int) migrations.stream()
                        .filter(each -> !each.measured().containsKey(Metric.PERFORMANCE) && each.perfProxy() != null)
                        .count());
    }

    /** Whether there are enough migrations to say how sure what was saved is. */
    boolean isEnough() {
        return migrations >= Savings.ENOUGH;
    }
}
