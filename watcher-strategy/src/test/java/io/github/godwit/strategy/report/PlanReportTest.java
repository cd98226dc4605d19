package io.github.godwit.strategy.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.report.PlanReport.End;
import io.github.godwit.strategy.report.PlanReport.Entry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanReportTest {

    private static final SloPolicy POLICY = SloPolicies.shipped().get("ensure_performance");
    private static final Map<Metric, Double> MEASURED = Map.of(
            Metric.TOTAL_TIME,
            2440.0,
            Metric.DOWNTIME,
            1300.0,
            Metric.TRANSFERRED_DATA,
            270.4,
            Metric.CPU,
            -1.0,
            Metric.MEMORY,
            2.0);

    @Test
    void theTableShowsPredictedBesideMeasuredAndMarksWhatBreaksItsSlo() {
        String table =
                PlanTable.write(report(false, entry("web", Technique.POST_COPY, Optional.of(End.COMPLETED), MEASURED)));
        assertThat(table).isEqualTo("""
                        Policy ensure_performance: PERF >= 0.75, DT <= 1000 ms; optimises TT.
                        Values are predicted/measured; ! marks a value that breaks its SLO.

                        VM   from  to  technique  TT s     DT ms      TD MB    PERF    CPU %      MEM MB   SLO       guest
                        web  h1    h2  POST       2.0/2.4  100/1300!  262/270  0.90/-  12.0/-1.0  3.0/2.0  violated  intact
                            why: Because.

                        One move ends the hotspot on h1.
                        """.replace("12.0/-1.0  ", "12/-1.0  ").replace("CPU %      MEM", "CPU %    MEM"));
    }

    @Test
    void aDryRunShowsWhatIsPredicted() {
        String table = PlanTable.write(report(true, entry("web", Technique.POST_COPY, Optional.empty(), Map.of())));
        assertThat(table)
                .contains("Dry run: predicted values; ! marks a value that breaks its SLO.")
                .contains("web  h1    h2  POST       2.0   100    262    0.90  12     3.0     kept  -");
    }

    @Test
    void aFailureIsToldBelowItsLine() {
        Entry failed = new Entry(
                "web",
                "h1",
                "h2",
                Technique.PRE_COPY,
                "Because.",
                prediction(2000),
                Optional.empty(),
                Optional.of(End.FAILED),
                "QEMU says no.",
                Map.of(),
                List.of(),
                Optional.empty());
        assertThat(PlanTable.write(report(false, failed)))
                .contains("2.0/-", "3.0/-   -    -\n", "\n    failed: QEMU says no.\n    why: Because.\n");
    }

    @Test
    void aProxyOfPerfIsMarkedAsOneAndNeverReplacesWhatWasMeasured() throws Exception {
        Entry proxied = entry("web", Technique.PRE_COPY, Optional.of(End.COMPLETED), MEASURED)
                .withPerfProxy(Optional.of(0.876));
        assertThat(PlanTable.write(report(false, proxied))).contains("0.90/~0.88", "~ marks a proxy of PERF");
        assertThat(new ObjectMapper()
                        .readTree(PlanJson.write(report(false, proxied)))
                        .at("/migrations/0/perf_proxy")
                        .asDouble())
                .isEqualTo(0.876);

        Map<Metric, Double> withPerf = new EnumMap<>(MEASURED);
        withPerf.put(Metric.PERFORMANCE, 0.8);
        Entry measured = entry("web", Technique.PRE_COPY, Optional.of(End.COMPLETED), withPerf)
                .withPerfProxy(Optional.of(0.876));
        assertThat(PlanTable.write(report(false, measured)))
                .contains("0.90/0.80")
                .doesNotContain("~");
    }

    @Test
    void aGuestThatFindsItsMemoryChangedMakesACompletedMigrationAFailure() {
        Entry completed = entry("web", Technique.PRE_COPY, Optional.of(End.COMPLETED), MEASURED);
        assertThat(completed.withGuestVerified(Optional.empty()).succeeded()).isTrue();
        assertThat(completed.withGuestVerified(Optional.of(true)).succeeded()).isTrue();

        Entry corrupt = completed.withGuestVerified(Optional.of(false));
        assertThat(corrupt.end()).contains(End.COMPLETED);
        assertThat(corrupt.error()).isEqualTo("The guest found its memory damaged after the migration.");
        assertThat(report(false, corrupt).succeeded()).isFalse();
        assertThat(PlanTable.write(report(false, corrupt))).contains("CORRUPT");
    }

    @Test
    void noLineIsWiderThan120ColumnsHoweverLongItsParts() {
        Map<Metric, Double> large = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            large.put(metric, metric == Metric.PERFORMANCE ? 0.01 : 99999.0);
        }
        Entry wide = new Entry(
                "instance-00000000-0000-0000-0000-000000000001.example",
                "compute-1.dc1.example.org",
                "compute-20.dc1.example.org",
                Technique.XBZRLE_ZLIB_ASYNC,
                "A reason of many words. ".repeat(20),
                prediction(123_456),
                Optional.empty(),
                Optional.of(End.COMPLETED),
                "An error of many words. ".repeat(10),
                large,
                POLICY.violatedBy(large),
                Optional.of(false));
        String table = PlanTable.write(report(false, wide));
        assertThat(table.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
        assertThat(table).contains("DCdlt-DCZlib-Async", "CORRUPT", "violated", "0.90/0.01!");
    }

    @Test
    void withoutMigrationsOnlyTheVerdictIsTold() {
        assertThat(PlanTable.write(new PlanReport(
                        POLICY,
                        false,
                        "No host is hot.",
                        List.of(),
                        List.of("a from h1 to h2. No."),
                        List.of("h9. Gone."))))
                .isEqualTo("No host is hot.\nNot planned: a from h1 to h2. No.\nLeft out: h9. Gone.\n");
    }

    @Test
    void theJsonHasTheAgreedForm() throws Exception {
        JsonNode root = new ObjectMapper()
                .readTree(PlanJson.write(
                        report(false, entry("web", Technique.PRE_POST_COPY, Optional.of(End.COMPLETED), MEASURED))));
        JsonNode migration = root.get("migrations").get(0);
        assertThat(migration.fieldNames())
                .toIterable()
                .startsWith(
                        "vm",
                        "from",
                        "to",
                        "technique",
                        "policy",
                        "reason",
                        "predicted",
                        "measured",
                        "violations",
                        "guest_verified");
        assertThat(migration.get("technique").asText()).isEqualTo("PRE-POST");
        assertThat(migration.get("policy").asText()).isEqualTo("ensure_performance");
        assertThat(migration.get("predicted").fieldNames())
                .toIterable()
                .containsExactly("TT", "DT", "TD", "PERF", "CPU", "MEM");
        assertThat(migration.get("measured").get("DT").asDouble()).isEqualTo(1300);
        assertThat(migration.get("measured").get("PERF").isNull())
                .as("no heartbeat")
                .isTrue();
        assertThat(migration.get("violations")).hasToString("[\"DT\"]");
        assertThat(migration.get("guest_verified").asBoolean()).isTrue();
        assertThat(migration.has("error")).isFalse();
    }

    @Test
    void inADryRunNothingIsMeasuredAndNobodyAsked() throws Exception {
        JsonNode migration = new ObjectMapper()
                .readTree(PlanJson.write(report(true, entry("web", Technique.PRE_COPY, Optional.empty(), Map.of()))))
                .get("migrations")
                .get(0);
        assertThat(migration.has("measured")).isFalse();
        assertThat(migration.get("guest_verified").isNull()).isTrue();
    }

    private static PlanReport report(boolean dryRun, Entry entry) {
        return new PlanReport(POLICY, dryRun, "One move ends the hotspot on h1.", List.of(entry), List.of(), List.of());
    }

    private static Entry entry(String vm, Technique technique, Optional<End> end, Map<Metric, Double> measured) {
        return new Entry(
                vm,
                "h1",
                "h2",
                technique,
                "Because.",
                prediction(2000),
                Optional.empty(),
                end,
                "",
                measured,
                POLICY.violatedBy(measured),
                end.map(e -> true));
    }

    private static Prediction prediction(double totalMillis) {
        Map<Metric, Double> values = Map.of(
                Metric.TOTAL_TIME,
                totalMillis,
                Metric.DOWNTIME,
                100.0,
                Metric.TRANSFERRED_DATA,
                262.0,
                Metric.PERFORMANCE,
                0.9,
                Metric.CPU,
                12.0,
                Metric.MEMORY,
                3.0);
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        values.forEach((metric, value) -> estimates.put(metric, new Estimate(value, value, value)));
        return new Prediction(estimates, true);
    }
}
