package io.github.godwit.host.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.migrate.qemu.Incoming;
import io.github.godwit.host.migrate.qemu.Incoming.Verdict;
import io.github.godwit.host.migrate.steps.PostcopyTrigger;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique.Switchover;
import io.github.godwit.model.watch.PrecopyPages;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class MigrationRulesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

    private static QmpEvent event(String name, String data) throws IOException {
        return new QmpEvent(name, JSON.readTree(data));
    }

    private static Heartbeats heartbeats(long count) {
        return new Heartbeats(count, 0, 1, 1, 0, 0);
    }

    @Test
    void postCopyStartsAsSoonAsTheMigrationIsActive() throws IOException {
        assertThat(PostcopyTrigger.isDue(Switchover.AT_ONCE, event("MIGRATION", "{\"status\": \"setup\"}")))
                .isFalse();
        assertThat(PostcopyTrigger.isDue(Switchover.AT_ONCE, event("MIGRATION", "{\"status\": \"active\"}")))
                .isTrue();
    }

    @Test
    void hybridStartsPostCopyWhenTheSecondRoundBegins() throws IOException {
        Switchover hybrid = Switchover.AFTER_FIRST_ROUND;
        MigrationInfo info = MigrationInfo.parse(JSON.readTree("{\"status\": \"active\"}"));
        assertThat(PostcopyTrigger.isDue(hybrid, event("MIGRATION", "{\"status\": \"active\"}")))
                .isFalse();
        assertThat(PostcopyTrigger.isDue(hybrid, event("MIGRATION_PASS", "{\"pass\": 2}")))
                .as("a pass need not end a round")
                .isFalse();
        assertThat(PostcopyTrigger.isDue(hybrid, info.inRound(1))).isFalse();
        assertThat(PostcopyTrigger.isDue(hybrid, info.inRound(2))).isTrue();
        assertThat(PostcopyTrigger.isDue(Switchover.WHEN_CONVERGED, info.inRound(9)))
                .isFalse();
    }

    /** As QEMU 11.1 answers in the middle of the first round with postcopy-ram. */
    @Test
    void thePagesOfAnAnswerShowWhetherTheFirstRoundIsOver() throws IOException {
        PrecopyPages pages = MigrationInfo.pages(JSON.readTree("""
                {"status": "active", "ram": {"dirty-sync-count": 3, "duplicate": 250, "normal": 6656,
                 "remaining": 509526016, "total": 537403392, "page-size": 4096}, "xbzrle-cache": {"pages": 4}}"""));

        assertThat(pages).isEqualTo(new PrecopyPages(3, 6910, 124396, 131202));
        assertThat(pages.firstRoundIsOver()).isFalse();
    }

    @Test
    void preCopyIsLeftToQemu() throws IOException {
        assertThat(PostcopyTrigger.isDue(Switchover.WHEN_CONVERGED, event("MIGRATION_PASS", "{\"pass\": 9}")))
                .isFalse();
    }

    @Test
    void noPhaseFollowsTheEndAndNoCancellationFollowsPostCopy() {
        assertThat(PhaseRule.next(Phase.MIGRATING, Phase.POSTCOPY)).isEqualTo(Phase.POSTCOPY);
        assertThatThrownBy(() -> PhaseRule.next(Phase.POSTCOPY, Phase.CANCELLED))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("A migration cannot go from POSTCOPY to CANCELLED.");
        assertThatThrownBy(() -> PhaseRule.next(Phase.COMPLETED, Phase.FAILED))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anIncomingVmIsKeptOrAbandonedByQemusStatusOnceItsLeaseHasExpired() {
        Instant fresh = NOW.minusSeconds(29);
        Instant expired = NOW.minusSeconds(31);
        assertThat(Incoming.verdict("none", fresh, NOW)).isEqualTo(Verdict.WAIT);
        assertThat(Incoming.verdict("none", expired, NOW)).isEqualTo(Verdict.ABANDON);
        assertThat(Incoming.verdict("active", expired, NOW)).isEqualTo(Verdict.WAIT);
        assertThat(Incoming.verdict("postcopy-active", expired, NOW)).isEqualTo(Verdict.WAIT);
        assertThat(Incoming.verdict("postcopy-paused", expired, NOW)).isEqualTo(Verdict.WAIT);
        assertThat(Incoming.verdict("completed", fresh, NOW)).isEqualTo(Verdict.WAIT);
        assertThat(Incoming.verdict("completed", expired, NOW)).isEqualTo(Verdict.KEEP);
    }

    @Test
    void theMetricsComeFromQemusFiguresAndTheHeartbeatsOfBothHosts() throws IOException {
        MigrationInfo info = MigrationInfo.parse(JSON.readTree("""
                        {"status": "completed", "total-time": 2000, "downtime": 120,
                         "ram": {"transferred": 85000000, "dirty-sync-count": 4}}"""));
        // 500/s before; 600 + 200 in 2 s are 400/s: 0.8 of it.
        Map<Metric, Double> metrics = new Measurements(
                        info, OptionalDouble.of(12.5), 3.25, 500, 2, heartbeats(600), heartbeats(200))
                .metrics();

        assertThat(metrics)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        Metric.TOTAL_TIME, 2000.0,
                        Metric.DOWNTIME, 120.0,
                        Metric.TRANSFERRED_DATA, 85.0,
                        Metric.PERFORMANCE, 0.8,
                        Metric.CPU, 12.5,
                        Metric.MEMORY, 3.25));
    }

    @Test
    void whatWasNotMeasuredIsLeftOut() throws IOException {
        MigrationInfo cancelled =
                MigrationInfo.parse(JSON.readTree("{\"status\": \"cancelled\", \"total-time\": 5000}"));
        assertThat(new Measurements(cancelled, OptionalDouble.empty(), 0, 0, 5, Heartbeats.NONE, Heartbeats.NONE)
                        .metrics())
                .doesNotContainKeys(Metric.DOWNTIME, Metric.PERFORMANCE, Metric.CPU);
    }

    @Test
    void aFailureCarriesQemusErrorWhereThereIsOne() throws IOException {
        assertThat(MigrationInfo.parse(JSON.readTree("{\"status\": \"failed\", \"error-desc\": \"Broken pipe\"}"))
                        .reason())
                .isEqualTo("Broken pipe");
        assertThat(MigrationInfo.parse(JSON.readTree("{\"status\": \"failed\"}"))
                        .reason())
                .isEqualTo("QEMU gave no reason");
    }
}
