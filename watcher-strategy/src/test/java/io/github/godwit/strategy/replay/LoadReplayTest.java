package io.github.godwit.strategy.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.strategy.plan.MoveDecision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two days of the shipped trace. */
@Timeout(300)
class LoadReplayTest {

    private static ReplayReport replay(List<String> progress) throws Exception {
        LoadTrace trace =
                LoadTrace.read(Path.of("data/bitbrains/bitbrains-50.csv.gz")).days(8, 2);
        return new LoadReplay(
                        trace,
                        new ClusterSize(3, 32, 512),
                        new AuditIntervals(Duration.ofMinutes(5), Duration.ofHours(1)),
                        new MoveDecision(
                                new AnalyticPredictor(),
                                SloPolicies.shipped().get("ensure_performance"),
                                ReservationTerms.DEFAULT,
                                Duration.ofMinutes(5)),
                        1,
                        (contender, day, of) -> progress.add("%s %d/%d".formatted(contender, day, of)))
                .run();
    }

    @Test
    void godwitMovesLessThanWatchersRulesAndUndoesNothing() throws Exception {
        List<String> progress = new ArrayList<>();
        ReplayReport report = replay(progress);
        Map<String, ReplayResult> results =
                report.results().stream().collect(Collectors.toMap(ReplayResult::name, Function.identity()));

        assertThat(report.simulation()).isTrue();
        assertThat(progress).hasSize(2 * results.size()).contains("godwit 1/2", "watcher, both 2/2");
        assertThat(results.get("no audits").moves()).isZero();
        assertThat(results.get("no audits").usedHosts()).isEqualTo(3);
        ReplayResult godwit = results.get("godwit");
        assertThat(godwit.moves()).isPositive();
        assertThat(godwit.usedHosts()).isLessThan(3);
        assertThat(godwit.undoneIn2Hours()).isZero();
        for (String baseline : List.of("watcher, both", "vm_workload_consolidation")) {
            assertThat(godwit.moves())
                    .as(baseline)
                    .isLessThanOrEqualTo(results.get(baseline).moves() / 2);
            assertThat(godwit.hotMinutes())
                    .as(baseline)
                    .isLessThanOrEqualTo(results.get(baseline).hotMinutes());
        }
        assertThat(results.get("watcher, both").undoneIn2Hours()).isPositive();
        assertThat(report.comparisons()).anyMatch(Comparison::met);
        assertThat(report.table())
                .startsWith("SIMULATION on recorded load: 50 VMs, 2.0 days")
                .contains("yes  godwit against");
        assertThat(report.json().path("results").size()).isEqualTo(results.size());
        assertThat(replay(new ArrayList<>())).as("the same again").isEqualTo(report);
    }
}
