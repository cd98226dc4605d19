package io.github.godwit.strategy.shadow;

import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.shadow.RecordedMigration.Choice;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Migrations that were observed, for tests. */
public final class Observations {

    /** When they ran. */
    public static final Instant AT = Instant.parse("2026-12-01T12:00:00Z");

    static final Estimate SURE = new Estimate(100, 50, 150);

    private Observations() {}

    /** A pre-copy in the place of a post-copy, with one metric. */
    static RecordedMigration observed(Metric metric, Estimate nova, double measured, Estimate choice) {
        return observed(
                Technique.PRE_COPY,
                Map.of(metric, nova),
                Map.of(metric, measured),
                null,
                new Choice(Technique.POST_COPY_PREEMPT, false, Map.of(metric, choice), List.of()));
    }

    static RecordedMigration observed(
            Technique ran, Map<Metric, Estimate> predicted, Map<Metric, Double> measured, Double proxy, Choice choice) {
        return new RecordedMigration(
                "m",
                AT,
                "db",
                "h1",
                "h2",
                true,
                Phase.COMPLETED,
                null,
                true,
                ran,
                0.5,
                predicted,
                measured,
                proxy,
                null,
                choice);
    }

    /** One that ended otherwise. */
    static RecordedMigration ended(String vm, Phase phase, boolean decided, String error) {
        return new RecordedMigration(
                vm, AT, vm, "h1", "h2", true, phase, error, decided, null, 0, Map.of(), Map.of(), null, null, null);
    }

    /** Twelve that saved time and kept an SLO on downtime that Nova's flags broke, and one that failed. */
    public static ShadowReport report() {
        RecordedMigration each = observed(
                Technique.PRE_COPY,
                Map.of(
                        Metric.TOTAL_TIME,
                        new Estimate(20_000, 15_000, 30_000),
                        Metric.DOWNTIME,
                        new Estimate(1_000, 500, 2_000)),
                Map.of(Metric.TOTAL_TIME, 21_000.0, Metric.DOWNTIME, 1_200.0),
                0.8,
                new Choice(
                        Technique.POST_COPY_PREEMPT,
                        false,
                        Map.of(
                                Metric.TOTAL_TIME, new Estimate(6_000, 5_000, 8_000),
                                Metric.DOWNTIME, new Estimate(30, 20, 60),
                                Metric.PERFORMANCE, new Estimate(0.9, 0.8, 1)),
                        List.of(new Slo(Metric.DOWNTIME, 1_000, 1))));
        return ShadowReport.of(
                AT.minusSeconds(3600),
                AT.plusSeconds(3600),
                Stream.concat(
                                Collections.nCopies(12, each).stream(),
                                Stream.of(ended(
                                        "web", Phase.FAILED, true, "libvirt ended the migration: connection reset")))
                        .toList(),
                List.of(),
                List.of());
    }
}
