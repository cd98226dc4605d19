package io.github.godwit.strategy.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.RackLink;
import io.github.godwit.model.schedule.solve.Schedulers;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.decide.Move;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three VMs of the same size leave h1. All hosts have links of 1000 Mbit/s. */
class ScheduledPlanTest {

    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
            host h1
              vm a memory=2048
              vm b memory=2048
              vm c memory=2048
            host h2
            host h3
            """);

    private final Cloud cloud = mock(Cloud.class);

    @BeforeEach
    void answers() {
        when(cloud.techniques(anyString(), anyString(), anyString())).thenReturn(TechniqueAvailability.all());
        when(cloud.profile(anyString(), anyString()))
                .thenAnswer(call ->
                        VmProfile.unmeasured(CLUSTER.vm(call.getArgument(0)).definition()));
        when(cloud.concurrentMigrations(any())).thenReturn(OptionalInt.empty());
    }

    private static Move move(String vm, String to, String... others) {
        return new Move(vm, "h1", to, "h1 is emptied.").or(List.of(others));
    }

    private MigrationPlan plan(MigrationScheduler scheduler, ScheduleTerms terms, Move... moves) throws Exception {
        MoveDecision decision = new MoveDecision(
                new AnalyticPredictor(),
                SloPolicies.shipped().get("ensure_performance"),
                ReservationTerms.DEFAULT,
                Duration.ofMinutes(5));
        return new MovePlanner(cloud, decision, new MovePlanner.Listener() {}, Optional.of(terms), scheduler)
                .plan(CLUSTER, List.of(moves));
    }

    private MigrationPlan plan(ScheduleTerms terms, Move... moves) throws Exception {
        return plan(Schedulers.standard(), terms, moves);
    }

    @Test
    void aHostThatMigratesOneVmAtATimeGivesAChain() throws Exception {
        when(cloud.concurrentMigrations("h1")).thenReturn(OptionalInt.of(1));

        MigrationPlan plan = plan(ScheduleTerms.DEFAULT, move("a", "h2"), move("b", "h2"), move("c", "h2"));

        assertThat(plan.parents()).containsExactly(List.of(), List.of(0), List.of(1));
        assertThat(plan.migrations())
                .allSatisfy(migration -> assertThat(migration
                                .slot()
                                .orElseThrow()
                                .bandwidth()
                                .get(0)
                                .bitsPerSecond())
                        .as("each has the link for itself")
                        .isEqualTo(1_000_000_000));
        assertThat(plan.schedule().orElseThrow().end().value()).isPositive();
    }

    @Test
    void theOrderOfTheStrategyIsKeptWhereItMattersAndPriorityComesBeforeIt() throws Exception {
        ScheduleTerms one = ScheduleTerms.DEFAULT.withParallel(1).inTheOrderOfTheStrategy();
        assertThat(plan(one, move("b", "h2"), move("c", "h2"), move("a", "h2")).migrations())
                .extracting(migration -> migration.move().vm())
                .containsExactly("b", "c", "a");
        ScheduleTerms prior = new ScheduleTerms(
                one.objective(), 1, Map.of("a", 1), Racks.NONE, null, true, ScheduleTerms.WITHOUT_NOVA);
        assertThat(plan(prior, move("b", "h2"), move("c", "h2"), move("a", "h2"))
                        .migrations())
                .extracting(migration -> migration.move().vm())
                .containsExactly("a", "b", "c");
    }

    @Test
    void migrationsAtTheSameTimeNeverExceedALink() throws Exception {
        MigrationPlan plan = plan(ScheduleTerms.DEFAULT, move("a", "h2"), move("b", "h2"), move("c", "h3"));
        for (PlannedMigration each : plan.migrations()) {
            double at = each.slot().orElseThrow().start().value();
            double sum = plan.migrations().stream()
                    .map(other -> other.slot().orElseThrow())
                    .filter(slot ->
                            slot.start().value() <= at && at < slot.end().value())
                    .mapToDouble(slot -> slot.bandwidth().stream()
                            .filter(step -> step.from() <= at)
                            .reduce((first, second) -> second)
                            .orElseThrow()
                            .bitsPerSecond())
                    .sum();
            assertThat(sum).isLessThanOrEqualTo(1.001e9);
        }
    }

    @Test
    void parallelIsAnUpperBound() throws Exception {
        assertThat(plan(ScheduleTerms.DEFAULT.withParallel(1), move("a", "h2"), move("b", "h3"))
                        .parents())
                .containsExactly(List.of(), List.of(0));
    }

    @Test
    void anotherDestinationIsChosenWhereTheLinkBetweenRacksIsSlow() throws Exception {
        Racks racks = new Racks(
                Map.of("h1", "a", "h2", "b", "h3", "a"), RackLink.between("a", "b", Bandwidth.ofMegabits(50)));
        ScheduleTerms terms = new ScheduleTerms(
                ScheduleTerms.DEFAULT.objective(), 32, Map.of(), racks, null, false, ScheduleTerms.WITHOUT_NOVA);

        PlannedMigration migration =
                plan(terms, move("a", "h2", "h3")).migrations().get(0);

        assertThat(migration.move().to()).isEqualTo("h3");
        assertThat(migration.move().reason())
                .isEqualTo("h1 is emptied. Together with the other moves, h3 is better than h2.");
        assertThat(migration.destination()).hasHost("h3");
    }

    @Test
    void anAlternativeThatNoTechniqueReachesIsNoAlternative() throws Exception {
        when(cloud.techniques("a", "h1", "h3"))
                .thenReturn(TechniqueAvailability.all()
                        .without(TechniqueAvailability.all().available(), "needs a shared disk"));
        assertThat(plan(ScheduleTerms.DEFAULT, move("a", "h2", "h3"))
                        .migrations()
                        .get(0)
                        .move()
                        .to())
                .isEqualTo("h2");
    }

    @Test
    void vmsThatMustBeApartNeverMigrateAtTheSameTime() throws Exception {
        ClusterModel apart = CLUSTER.withRules(
                new io.github.godwit.strategy.cluster.ClusterRules(Set.of(), Set.of(), List.of(Set.of("a", "b"))));
        MoveDecision decision = new MoveDecision(
                new AnalyticPredictor(),
                SloPolicies.shipped().get("ensure_performance"),
                ReservationTerms.DEFAULT,
                Duration.ofMinutes(5));
        MigrationPlan plan = new MovePlanner(cloud, decision, new MovePlanner.Listener() {}, ScheduleTerms.DEFAULT)
                .plan(apart, List.of(move("a", "h2"), move("b", "h3")));
        assertThat(plan.parents()).containsExactly(List.of(), List.of(0));
    }

    @Test
    void withoutAScheduleTheMovesKeepTheirOrder() throws Exception {
        MigrationPlan plan = plan(
                problem -> {
                    throw new IllegalStateException("no schedule");
                },
                ScheduleTerms.DEFAULT,
                move("b", "h2"),
                move("a", "h2", "h3"));

        assertThat(plan.schedule()).isEmpty();
        assertThat(plan.migrations())
                .extracting(migration -> migration.move().vm())
                .containsExactly("b", "a");
        assertThat(plan.migrations()).allMatch(migration -> migration.slot().isEmpty());
        assertThat(plan.parents()).containsExactly(List.of(), List.of());
    }
}
