package io.github.godwit.strategy.shadow;

import static io.github.godwit.strategy.shadow.Observations.AT;
import static io.github.godwit.strategy.shadow.Observations.SURE;
import static io.github.godwit.strategy.shadow.Observations.ended;
import static io.github.godwit.strategy.shadow.Observations.observed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.cluster.Cloud.ServerMove;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.shadow.RecordedMigration.Choice;
import io.github.godwit.strategy.shadow.Uncompared.Why;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The statistics of shadow mode, with numbers that were worked out by hand. */
class ShadowReportTest {

    private static ShadowReport report(List<RecordedMigration> migrations) {
        return report(migrations, List.of());
    }

    private static ShadowReport report(List<RecordedMigration> migrations, List<ServerMove> moves) {
        return ShadowReport.of(AT.minusSeconds(60), AT.plusSeconds(60), migrations, moves, List.of());
    }

    @Test
    void errorsOfPredictionsAreGeometricMeansWithTheShareWithinTheIntervals() {
        // 10 of 100 and 40 of 1000: √(0.1 · 0.04) = 0.0632; 100 lies within [100, 120], 1000 not within [950, 970].
        Accuracy accuracy = report(List.of(
                        observed(Metric.TOTAL_TIME, new Estimate(110, 100, 120), 100, SURE),
                        observed(Metric.TOTAL_TIME, new Estimate(960, 950, 970), 1_000, SURE)))
                .all()
                .accuracy()
                .get(Metric.TOTAL_TIME);

        assertThat(accuracy.migrations()).isEqualTo(2);
        assertThat(accuracy.gmre()).isCloseTo(0.063246, within(1e-6));
        assertThat(accuracy.within()).isEqualTo(0.5);
    }

    @Test
    void whatIsSavedIsWhatNovasFlagsCostLessWhatTheChoiceIsPredictedToCost() {
        ShadowReport report = report(
                List.of(observed(Metric.TOTAL_TIME, SURE, 180, SURE), observed(Metric.TOTAL_TIME, SURE, 140, SURE)));

        // 80 and 40
        Saving saved = report.all().saved().get(Metric.TOTAL_TIME);
        assertThat(saved.sum()).isEqualTo(120);
        assertThat(saved.mean()).isEqualTo(60);
        assertThat(saved.low()).isNull();
        assertThat(saved.probability()).isNull();
        assertThat(report.notes())
                .containsExactly("2 migrations are too few to say how sure what was saved is; 10 are needed.");
        assertThat(report.all().chosen()).containsExactly(Map.entry(Technique.POST_COPY_PREEMPT, 2));
        assertThat(report.techniques())
                .singleElement()
                .satisfies(group -> assertThat(group.technique()).isEqualTo(Technique.PRE_COPY));
    }

    @Test
    void morePerformanceIsSavedWhereTheChoiceKeepsMoreOfItAndAProxyIsNamed() {
        Choice choice = new Choice(
                Technique.MULTIFD,
                false,
                Map.of(Metric.PERFORMANCE, new Estimate(0.9, 0.8, 1)),
                List.of(new Slo(Metric.PERFORMANCE, 0.95, 1)));
        ShadowReport report = report(List.of(observed(
                Technique.PRE_COPY, Map.of(Metric.PERFORMANCE, new Estimate(0.7, 0.6, 0.8)), Map.of(), 0.75, choice)));

        assertThat(report.all().saved().get(Metric.PERFORMANCE).sum()).isCloseTo(0.15, within(1e-12));
        assertThat(report.all().perfProxies()).isEqualTo(1);
        assertThat(report.all().violationsAvoided())
                .as("a proxy is not judged by an SLO")
                .isNull();
        assertThat(report.notes())
                .contains(
                        "PERF of 1 migrations is a proxy from outside of the guest, which is not compared with SLOs.");
    }

    @Test
    void perfectPredictionsOfEqualMigrationsLeaveNoDoubt() {
        ShadowReport report =
                report(Collections.nCopies(10, observed(Metric.TOTAL_TIME, new Estimate(300, 200, 400), 300, SURE)));

        assertThat(report.all().saved().get(Metric.TOTAL_TIME))
                .isEqualTo(new Saving(10, 2_000, 200, 2_000.0, 2_000.0, 1.0));
        assertThat(report.notes()).isEmpty();
    }

    @Test
    void errorsThatWereSeenMakeTheIntervalAsWideAsTheyAre() {
        // Nova's 250 and 150 lie at the ends of [150, 250]; the choice is 100 at either end of [50, 150].
        // Each draw saves 200 − 100 ± 50 ± 50: a variance of 5000, and a sum of ten of 1000 ± 1.645 · √50000 = 1000 ±
        // 368.
        List<RecordedMigration> migrations = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            migrations.add(observed(Metric.TOTAL_TIME, new Estimate(200, 150, 250), i % 2 == 0 ? 250 : 150, SURE));
        }

        Saving saved = report(migrations).all().saved().get(Metric.TOTAL_TIME);

        assertThat(saved.sum()).isEqualTo(1_000);
        assertThat(saved.low()).isCloseTo(632, within(70.0));
        assertThat(saved.high()).isCloseTo(1_368, within(70.0));
        assertThat(saved.probability()).isGreaterThan(0.99);
        assertThat(report(migrations).all().saved().get(Metric.TOTAL_TIME))
                .as("the same each time")
                .isEqualTo(saved);
    }

    @Test
    void predictionsThatWereTooSureWidenTheInterval() {
        // Measured values twice as far off as the ends of their intervals.
        List<RecordedMigration> migrations = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            migrations.add(observed(Metric.TOTAL_TIME, new Estimate(200, 175, 225), i % 2 == 0 ? 250 : 150, SURE));
        }

        Saving saved = report(migrations).all().saved().get(Metric.TOTAL_TIME);

        // 200 − 100 ± 50 ± 100: a variance of 12500, 1000 ± 1.645 · √125000 = 1000 ± 582
        assertThat(saved.low()).isCloseTo(418, within(110.0));
        assertThat(saved.high()).isCloseTo(1_582, within(110.0));
    }

    @Test
    void whatWouldHaveBeenLeftToNovaSavesNothing() {
        Choice left = new Choice(
                Technique.POST_COPY_PREEMPT,
                true,
                Map.of(Metric.DOWNTIME, new Estimate(20, 10, 30)),
                List.of(new Slo(Metric.DOWNTIME, 100, 1)));
        ShadowReport report = report(Collections.nCopies(
                10,
                observed(
                        Technique.PRE_COPY,
                        Map.of(Metric.DOWNTIME, SURE),
                        Map.of(Metric.DOWNTIME, 140.0),
                        null,
                        left)));

        assertThat(report.all().leftToNova()).isEqualTo(10);
        assertThat(report.all().chosen()).isEmpty();
        assertThat(report.all().saved().get(Metric.DOWNTIME)).isEqualTo(new Saving(10, 0, 0, 0.0, 0.0, 0.0));
        assertThat(report.all().violationsAvoided().sum()).isZero();
    }

    @Test
    void violationsAreCountedBothWays() {
        List<Slo> slos = List.of(new Slo(Metric.DOWNTIME, 1_000, 1), new Slo(Metric.TOTAL_TIME, 5_000, 1));
        Choice choice = new Choice(
                Technique.POST_COPY_PREEMPT,
                false,
                Map.of(Metric.DOWNTIME, new Estimate(30, 20, 40), Metric.TOTAL_TIME, new Estimate(6_000, 5_500, 7_000)),
                slos);
        Map<Metric, Estimate> predicted = Map.of(
                Metric.DOWNTIME, new Estimate(900, 500, 1_500), Metric.TOTAL_TIME, new Estimate(4_000, 3_000, 6_000));
        RecordedMigration brokeDowntime = observed(
                Technique.PRE_COPY,
                predicted,
                Map.of(Metric.DOWNTIME, 1_100.0, Metric.TOTAL_TIME, 4_500.0),
                null,
                choice);
        RecordedMigration brokeBoth = observed(
                Technique.PRE_COPY,
                predicted,
                Map.of(Metric.DOWNTIME, 1_100.0, Metric.TOTAL_TIME, 5_500.0),
                null,
                choice);
        RecordedMigration brokeNone = observed(
                Technique.PRE_COPY,
                predicted,
                Map.of(Metric.DOWNTIME, 400.0, Metric.TOTAL_TIME, 4_500.0),
                null,
                choice);

        // The choice breaks the one on total time each time: 1 − 1, 2 − 1 and 0 − 1.
        assertThat(report(List.of(brokeDowntime)).all().violationsAvoided().sum())
                .isZero();
        assertThat(report(List.of(brokeDowntime, brokeBoth))
                        .all()
                        .violationsAvoided()
                        .sum())
                .isEqualTo(1);
        assertThat(report(List.of(brokeBoth, brokeNone, brokeNone))
                        .all()
                        .violationsAvoided()
                        .sum())
                .isEqualTo(-1);
    }

    @Test
    void whatIsNotComparedIsCountedAndNamed() {
        RecordedMigration disks = new RecordedMigration(
                "d",
                AT.plusSeconds(2),
                "disks",
                "h1",
                "h2",
                true,
                Phase.COMPLETED,
                null,
                true,
                Technique.PRE_COPY,
                0,
                Map.of(Metric.TOTAL_TIME, SURE),
                Map.of(Metric.TOTAL_TIME, 1.0),
                null,
                "it includes the copy of local disks, 5 bytes",
                new Choice(Technique.MULTIFD, false, Map.of(Metric.TOTAL_TIME, SURE), List.of()));
        RecordedMigration advised = new RecordedMigration(
                "a",
                AT,
                "advised",
                "h1",
                "h2",
                false,
                Phase.COMPLETED,
                null,
                true,
                null,
                0,
                null,
                null,
                null,
                null,
                null);

        ShadowReport report = report(
                List.of(
                        ended("web", Phase.FAILED, true, "connection reset"),
                        ended("app", Phase.CANCELLED, true, null),
                        ended("late", Phase.FAILED, false, "the decision came too late"),
                        disks,
                        advised,
                        observed(Metric.TOTAL_TIME, SURE, 100, SURE)),
                List.of(
                        new ServerMove("db", "h1", "h2", false, AT),
                        new ServerMove("advised", "h1", "h2", false, AT),
                        // A second time on the same way, which nobody reported, and one that still runs.
                        new ServerMove("db", "h1", "h2", false, AT.plusSeconds(3)),
                        new ServerMove("cold", "h1", "h2", true, AT)));

        assertThat(report.observed()).isEqualTo(5);
        assertThat(report.advised()).isEqualTo(1);
        assertThat(report.all().migrations()).isEqualTo(1);
        assertThat(report.notCompared())
                .containsExactly(
                        Map.entry(Why.FAILED, 1),
                        Map.entry(Why.CANCELLED, 1),
                        Map.entry(Why.UNDECIDED, 1),
                        Map.entry(Why.INCOMPARABLE, 1),
                        Map.entry(Why.MISSING, 1));
        assertThat(report.uncompared())
                .extracting(each -> each.vm() + " " + each.why())
                .startsWith("db missing", "disks incomparable")
                .contains("web failed", "app cancelled", "late undecided");
        assertThat(report.uncompared().get(1).reason()).contains("copy of local disks");
    }

    @Test
    void withoutMigrationsItIsEmptyAndSaysSo() {
        ShadowReport report = report(List.of());

        assertThat(report.all().saved()).isEmpty();
        assertThat(report.all().accuracy()).isEmpty();
        assertThat(report.notes()).singleElement().asString().startsWith("0 migrations are too few");
        assertThat(ReportTable.write(report)).startsWith("Godwit observed 0 migrations from 2026-12-01T11:59:00Z");
    }

    @Test
    void itIsTheSameAfterItWasSent() throws Exception {
        ShadowReport report = Observations.report();

        assertThat(Texts.mapper().readValue(Texts.json(report), ShadowReport.class))
                .isEqualTo(report);
        assertThat(Texts.json(report))
                .contains("\"not_compared\":{\"failed\":1}", "\"violations_avoided\"", "\"gmre\"");
    }

    @Test
    void theTableHasAllOfIt() {
        String table = ReportTable.write(Observations.report());

        assertThat(table.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
        assertThat(table)
                .contains("Godwit observed 13 migrations", "of which 12 are compared.")
                .contains("PRE               12  POST-PREEMPT 12")
                // 1 s of 21 s, and 200 ms of 1.2 s
                .contains("4.8 %, 100 %", "17 %, 100 %")
                // 12 · (21 − 6) s, 12 · 1170 ms and 12 violations
                .containsPattern("TT s +12 +180 +15\\.0 ")
                .containsPattern("DT ms +12 +14040 +1170 ")
                .containsPattern("SLO violations +12 +12\\.0 +1\\.00 +12\\.0 to 12\\.0 +100 %")
                .containsPattern("PERF +12 +1\\.20 +0\\.10 ")
                .contains("Not compared: 1 failed")
                .contains("web, h1 to h2: failed: libvirt ended the migration: connection reset");
    }
}
