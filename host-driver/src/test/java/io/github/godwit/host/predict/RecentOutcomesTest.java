package io.github.godwit.host.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.host.WritingVm;
import io.github.godwit.host.migrate.OutcomeLog;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.predict.Recalibration.Shift;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.proxy.PerformanceProxy;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentOutcomesTest {

    private static final Predictor PREDICTOR = new AnalyticPredictor();

    @TempDir
    private Path directory;

    private Path log;

    @BeforeEach
    void nameTheLog() {
        log = directory.resolve("outcomes.jsonl");
    }

    private static MigrationCase migrationCase(VmProfile vm) {
        Bandwidth link = Bandwidth.parse("1gbit");
        HostProfile here = new HostProfile("here", 4, 0.1, MemorySize.parse("8G"), 0.1, link, Traffic.NONE);
        HostProfile there = new HostProfile("there", 4, 0.1, MemorySize.parse("8G"), 0.1, link, Traffic.NONE);
        return new MigrationCase(vm, here, there, LinkProfile.between(here, there, 0.2), MigrationTuning.forVm(vm));
    }

    /** The outcome of a pre-copy that took some time longer than predicted. */
    private static Outcome later(double millis, boolean converged) {
        return later(WritingVm.named("vm"), millis, converged);
    }

    private static Outcome later(VmProfile vm, double millis, boolean converged) {
        MigrationCase migrationCase = migrationCase(vm);
        double predicted = PREDICTOR.predict(migrationCase, Technique.PRE_COPY).value(Metric.TOTAL_TIME);
        return new Outcome(
                "m",
                Instant.parse("2026-01-01T00:00:00Z"),
                migrationCase,
                Technique.PRE_COPY,
                "ensure_performance",
                "It was requested.",
                PREDICTOR.predict(migrationCase, Technique.PRE_COPY),
                Map.of(Metric.TOTAL_TIME, predicted + millis),
                -1,
                -1,
                converged,
                3,
                0,
                Bandwidth.ZERO,
                List.of(),
                null,
                0,
                null,
                null,
                null);
    }

    /** The shifts of the total times of pre-copies. */
    private static List<Shift> shifts(RecentOutcomes recent) {
        recent.refresh();
        return recent.get().shifts().stream().filter(shift -> !shift.postCopy()).toList();
    }

    @Test
    void fromTheFifthMigrationOnTheErrorOfPredictionsIsKnown() {
        RecentOutcomes recent = new RecentOutcomes(PREDICTOR, log);
        for (int i = 0; i < Recalibration.MIN_MIGRATIONS; i++) {
            assertThat(shifts(recent)).isEmpty();
            recent.accept(later(700 + i, true));
        }
        assertThat(shifts(recent)).singleElement().satisfies(shift -> {
            assertThat(shift.metric()).isEqualTo(Metric.TOTAL_TIME);
            assertThat(shift.offset()).isCloseTo(702, within(1e-6));
        });
    }

    /** The shifts of PERF after five migrations by a technique whose guests send no heartbeats, and whose vCPUs ran for half of the usual time. */
    private List<Shift> learnedWithoutHeartbeats(Technique technique) throws IOException {
        RecentOutcomes recent = new RecentOutcomes(PREDICTOR, log);
        ObjectNode tree = WireJson.mapper().valueToTree(later(0, true));
        tree.put("technique", technique.id());
        ObjectNode times = tree.putObject("vcpuTimes").put("seconds", 10);
        times.putObject("source")
                .put("runSeconds", 0.5 * 0.5 * 10 * PerformanceProxy.OVERHEAD)
                .put("waitSeconds", 0)
                .put("guestSeconds", 0);
        for (int i = 0; i < Recalibration.MIN_MIGRATIONS; i++) {
            recent.accept(WireJson.mapper().treeToValue(tree, Outcome.class).withProxy());
        }
        recent.refresh();
        return recent.get().shifts().stream()
                .filter(shift -> shift.metric() == Metric.PERFORMANCE)
                .toList();
    }

    @Test
    void theProxyIsLearnedAsPerfOnlyForTechniquesForWhichItIsTrusted() throws IOException {
        double predicted = PREDICTOR
                .predict(migrationCase(WritingVm.named("vm")), Technique.PRE_COPY)
                .value(Metric.PERFORMANCE);
        assertThat(learnedWithoutHeartbeats(Technique.PRE_COPY))
                .isNotEmpty()
                .allSatisfy(shift -> assertThat(shift.offset()).isCloseTo(0.5 - predicted, within(1e-6)));
        assertThat(learnedWithoutHeartbeats(Technique.PRE_POST_COPY)).isEmpty();
    }

    @Test
    void aMigrationThatWasCancelledAtItsLimitIsIgnored() {
        RecentOutcomes recent = new RecentOutcomes(PREDICTOR, log);
        for (int i = 0; i < 2 * Recalibration.MIN_MIGRATIONS; i++) {
            recent.accept(later(700, false));
        }
        assertThat(shifts(recent)).isEmpty();
    }

    @Test
    void aMigrationThatCopiedDisksOrRanWithNovasOwnFlagsTeachesNothing() {
        RecentOutcomes recent = new RecentOutcomes(PREDICTOR, log);
        for (int i = 0; i < 2 * Recalibration.MIN_MIGRATIONS; i++) {
            Outcome outcome = later(700, true);
            recent.accept(outcome.apart(outcome.technique(), "it includes disks", 9_000, outcome.prediction()));
        }
        assertThat(shifts(recent)).isEmpty();
    }

    @Test
    void aMigrationOfAPartlyProfiledVmIsIgnored() {
        RecentOutcomes recent = new RecentOutcomes(PREDICTOR, log);
        VmProfile half = WritingVm.known("vm", Map.of(ProfilePart.CONTENT, 0L, ProfilePart.VCPU_USE, 0L));
        for (int i = 0; i < 2 * Recalibration.MIN_MIGRATIONS; i++) {
            recent.accept(later(half, 700, true));
        }
        assertThat(shifts(recent)).isEmpty();
    }

    @Test
    void theLatestOutcomesOfEarlierRunsCountAndDamagedLinesAreIgnored() throws IOException {
        OutcomeLog written = new OutcomeLog(log);
        for (int i = 0; i < Recalibration.WINDOW; i++) {
            written.accept(later(100, true));
        }
        for (int i = 0; i < Recalibration.WINDOW - 1; i++) {
            written.accept(later(900, true));
        }
        Files.writeString(log, "{\"migrationId\": \"cut o", StandardOpenOption.APPEND);

        assertThat(shifts(new RecentOutcomes(PREDICTOR, log))).singleElement().satisfies(shift -> {
            assertThat(shift.offset()).isCloseTo(900, within(1e-6));
            assertThat(shift.migrations()).isEqualTo(Recalibration.WINDOW);
        });
    }

    @Test
    void anUnreadableLogIsIgnored() throws IOException {
        Files.write(log, new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});

        assertThat(shifts(new RecentOutcomes(PREDICTOR, log))).isEmpty();
    }
}
