package io.github.godwit.strategy.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.plan.MigrationPlan.Unplanned;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Each migration is predicted to take 10 s with half a core more on the source, to keep 90 % of the performance, and to pause the VM for 1 s.
 * Both hosts together work 2 · 0.5 · 10 = 10 core-seconds; a VM with 2 busy cores lacks 2 · (0.1 · 10 + 1) = 4. Hosts have 4 cores.
 */
class MoveWorthTest {

    private static final double COST = 14;

    private static final Map<Metric, Double> PREDICTED = Map.of(
            Metric.TOTAL_TIME, 10_000.0,
            Metric.DOWNTIME, 1_000.0,
            Metric.TRANSFERRED_DATA, 1_000.0,
            Metric.PERFORMANCE, 0.9,
            Metric.CPU, 50.0,
            Metric.MEMORY, 1.0);

    private static Prediction predicted() {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        PREDICTED.forEach((metric, value) -> estimates.put(metric, new Estimate(value, value, value)));
        return new Prediction(estimates, true);
    }

    private static PlannedMigration planned(ClusterModel cluster, Move move) {
        MoveDecision decision = new MoveDecision(
                (migrationCase, technique) -> predicted(),
                SloPolicies.shipped().get("ensure_performance"),
                ReservationTerms.DEFAULT,
                Duration.ofMinutes(5));
        VmProfile profile = new VmProfile(
                move.vm(),
                MemorySize.ofMebibytes(1024),
                2,
                1000,
                DirtyCurve.idle(),
                0,
                PageContent.UNKNOWN,
                2,
                0,
                MemorySize.ofMebibytes(1024),
                false,
                Traffic.NONE,
                VmProfile.DirtySource.PAGE_SAMPLING,
                Accelerator.KVM,
                VmProfile.FRESH);
        return decision.decide(
                move, profile, cluster.host(move.from()), cluster.host(move.to()), TechniqueAvailability.all(), 0);
    }

    private static List<Unplanned> worthless(PlanWorth worth, String drawing, Move... moves) {
        ClusterHistory history = DrawnCluster.steady(drawing);
        List<PlannedMigration> migrations = Arrays.stream(moves)
                .map(move -> planned(history.latest(), move))
                .toList();
        return worth.worthless(history, MigrationPlan.inOrder("ensure_performance", migrations, List.of()));
    }

    private static PlanWorth relief(int seconds) {
        return new ReliefWorth(HotspotRule.DEFAULT, 0, Duration.ofSeconds(seconds));
    }

    private static final String SLIGHTLY_HOT = "host h1 cpu=0.76\n vm a cores=2\n vm b cores=1\nhost h2 cpu=0.1";
    private static final Move A = new Move("a", "h1", "h2", "h1 is hot.");
    private static final Move B = new Move("b", "h1", "h2", "h1 is hot.");

    @Test
    void aMigrationCostsItsWorkAndWhatTheVmLacks() {
        assertThat(MoveCost.coreSeconds(planned(DrawnCluster.draw(SLIGHTLY_HOT), A)))
                .isCloseTo(COST, within(1e-9));
    }

    /** 0.01 · 4 = 0.04 cores are above the threshold: 14 core-seconds in 350 s. */
    @Test
    void aMoveHasToRelieveOfMoreThanItCosts() {
        assertThat(worthless(relief(360), SLIGHTLY_HOT, A)).isEmpty();
        List<Unplanned> worthless = worthless(relief(340), SLIGHTLY_HOT, A);
        assertThat(worthless).extracting(Unplanned::move).containsExactly(A);
        assertThat(worthless.get(0).reason())
                .isEqualTo("The move would take 14.0 core-seconds, and relieve its hosts of 0.04 cores too much, "
                        + "which is 13.6 core-seconds in 5 min.");
        assertThat(worthless.get(0).because()).startsWith("not worth a move to h2 (The move would take 14.0");
    }

    @Test
    void aMoveAfterTheLastOneThatWasNeededIsPointless() {
        assertThat(worthless(relief(1800), SLIGHTLY_HOT, A, B))
                .extracting(Unplanned::move)
                .containsExactly(B);
    }

    @Test
    void aMoveThatOnlyShiftsAHotspotIsPointless() {
        // a brings h2 from 70 % to 120 %, which is cut at 100 %: 0.25 above against 0.01
        assertThat(worthless(relief(100_000), SLIGHTLY_HOT.replace("cpu=0.1", "cpu=0.7"), A))
                .hasSize(1);
    }

    /** With 5 % of headroom, (0.76 - 0.7) · 4 = 0.24 cores are too much: 14 core-seconds in 58 s. */
    @Test
    void whatAHostShouldKeepFreeCountsToo() {
        assertThat(worthless(new ReliefWorth(HotspotRule.DEFAULT, 0.05, Duration.ofSeconds(60)), SLIGHTLY_HOT, A))
                .isEmpty();
        assertThat(worthless(new ReliefWorth(HotspotRule.DEFAULT, 0.05, Duration.ofSeconds(57)), SLIGHTLY_HOT, A))
                .hasSize(1);
    }

    /** Half of 4 cores: 14 core-seconds in 7 s for one move, 28 in 14 s for two. */
    @Test
    void anEmptiedHostHasToSaveMoreThanAllOfItsMovesCost() {
        assertThat(worthless(new PackingWorth(Duration.ofSeconds(8)), SLIGHTLY_HOT, A))
                .isEmpty();
        assertThat(worthless(new PackingWorth(Duration.ofSeconds(7)), SLIGHTLY_HOT, A))
                .hasSize(1);
        assertThat(worthless(new PackingWorth(Duration.ofSeconds(13)), SLIGHTLY_HOT, A, B))
                .extracting(Unplanned::move)
                .containsExactly(A, B);
        assertThat(worthless(new PackingWorth(Duration.ofSeconds(15)), SLIGHTLY_HOT, A, B))
                .isEmpty();
    }
}
