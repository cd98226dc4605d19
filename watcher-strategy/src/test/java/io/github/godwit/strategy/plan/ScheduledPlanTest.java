package io.github.godwit.strategy.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.BandwidthStep;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.NetworkLink;
import io.github.godwit.model.schedule.RackLink;
import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduledMigration;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.solve.Schedulers;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.traffic.SlaBounds;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterHost.PeerNic;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.decide.Move;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
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
        when(cloud.profile(anyString(), anyString(), any()))
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
        ScheduleTerms prior = one.withPriorities(Map.of("a", 1));
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
        ScheduleTerms terms = ScheduleTerms.DEFAULT.withRacks(racks);

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
    void severalMovesArePlannedByTheLatestProfilesAndOneByANewProfile() throws Exception {
        plan(ScheduleTerms.DEFAULT, move("a", "h2"), move("b", "h2"));
        verify(cloud).profile("a", "h1", Duration.ofMinutes(2));

        plan(ScheduleTerms.DEFAULT, move("a", "h2"));
        verify(cloud).profile("a", "h1", Duration.ZERO);
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
        assertThat(plan.facts()).isEmpty();
        assertThat(plan.unscheduled())
                .contains("Internal error in the service; see its log: java.lang.IllegalStateException: no schedule");
        assertThat(plan.migrations())
                .extracting(migration -> migration.move().vm())
                .containsExactly("b", "a");
        assertThat(plan.migrations()).allMatch(migration -> migration.slot().isEmpty());
        assertThat(plan.parents()).containsExactly(List.of(), List.of());
    }

    @Test
    void migrationsAtTheSameTimeReserveTheirSharesAndOneAloneReservesNothing() throws Exception {
        PlannedMigration alone =
                plan(ScheduleTerms.DEFAULT, move("a", "h2")).migrations().get(0);
        assertThat(alone.reservation()).isEmpty();

        List<PlannedMigration> both = plan(together("a", "b"), ScheduleTerms.DEFAULT, move("a", "h2"), move("b", "h3"))
                .migrations();

        assertThat(both).allSatisfy(each -> {
            assertThat(each.reservation()).contains(Bandwidth.ofMegabits(500));
            assertThat(each.reservationNote())
                    .startsWith("500 Mbit/s are to be reserved: its share beside migrations at the same time.");
        });
    }

    /** Both in the first ten seconds, with half of the link each. */
    private static MigrationScheduler together(String... vms) {
        return problem -> {
            Interval start = new Interval(0, 0, 0);
            Interval end = new Interval(9, 10, 12);
            List<ScheduledMigration> migrations = Stream.of(vms)
                    .map(vm -> new ScheduledMigration(
                            vm,
                            "h1",
                            problem.moves().stream()
                                    .filter(move -> move.vm().equals(vm))
                                    .findFirst()
                                    .orElseThrow()
                                    .destinations()
                                    .get(0),
                            Technique.PRE_COPY,
                            List.of(new BandwidthStep(0, Bandwidth.ofMegabits(500))),
                            start,
                            end,
                            end,
                            Set.of(),
                            0,
                            100,
                            0))
                    .toList();
            return new Schedule(migrations, end, 0, "test");
        };
    }

    @Test
    void aMigrationOfAnotherPlanTakesItsPartOfTheLink() throws Exception {
        assertThat(firstRate(running("x", "h3", "h2"), move("a", "h2"))).isEqualTo(500);
    }

    /** Whatever else is on a host that is not in the scope of the audit: its migration takes its part of the link of h2. */
    @Test
    void aMigrationFromAHostOutsideOfTheScopeDoesSoToo() throws Exception {
        assertThat(firstRate(running("x", "elsewhere", "h2"), move("a", "h2"))).isEqualTo(500);
    }

    /** NICs are full duplex, and h3 to h2 is not on the way from h1 to h3. */
    @Test
    void aMigrationElsewhereTakesNothing() throws Exception {
        assertThat(firstRate(running("x", "h3", "h2"), move("a", "h3"))).isEqualTo(1000);
        assertThat(plan(ScheduleTerms.DEFAULT.beside(List.of(running("x", "h3", "h2"))), move("a", "h3"))
                        .schedule()
                        .orElseThrow()
                        .method())
                .isEqualTo("exact");
    }

    private static RunningMigration running(String vm, String source, String destination) {
        return new RunningMigration(vm, source, destination, Bandwidth.ofMegabits(600), new Interval(100, 120, 150));
    }

    private double firstRate(RunningMigration other, Move move) throws Exception {
        PlannedMigration migration = plan(ScheduleTerms.DEFAULT.beside(List.of(other)), move)
                .migrations()
                .get(0);
        return migration.slot().orElseThrow().bandwidth().get(0).bitsPerSecond() / 1e6;
    }

    /** From h1 to h3, migrations leave by a NIC of 100 Mbit/s; from h1 to h2 by the usual one of 1000. */
    @Test
    void aMigrationIsPlannedWithTheNicTowardsItsDestination() throws Exception {
        ClusterHost h1 = CLUSTER.host("h1");
        PeerNic slow = new PeerNic("eth1", Bandwidth.ofMegabits(100), Traffic.NONE);
        when(cloud.nicTowards(h1, CLUSTER.host("h3"))).thenReturn(Optional.of(slow));
        when(cloud.nicTowards(h1, CLUSTER.host("h2")))
                .thenReturn(Optional.of(new PeerNic(h1.status().nic(), Bandwidth.ofMegabits(1), Traffic.NONE)));

        MigrationPlan plan = plan(ScheduleTerms.DEFAULT, move("a", "h2"), move("b", "h3"));

        for (PlannedMigration each : plan.migrations()) {
            boolean slower = each.move().to().equals("h3");
            assertThat(each.slot().orElseThrow().bandwidth().get(0).bitsPerSecond())
                    .as("rate of %s", each.move())
                    .isEqualTo(slower ? 100_000_000L : 1_000_000_000L);
            assertThat(each.migrationCase().source().link()).isEqualTo(Bandwidth.ofMegabits(slower ? 100 : 1000));
        }
        assertThat(plan(ScheduleTerms.DEFAULT, move("a", "h3", "h2"))
                        .migrations()
                        .get(0)
                        .move()
                        .to())
                .as("the faster way")
                .isEqualTo("h2");
    }

    /** Without a schedule too. */
    @Test
    void aSingleMoveIsPlannedWithTheNicTowardsItsDestination() {
        PeerNic slow = new PeerNic("eth1", Bandwidth.ofMegabits(100), Traffic.NONE);
        when(cloud.nicTowards(CLUSTER.host("h3"), CLUSTER.host("h1"))).thenReturn(Optional.of(slow));
        MoveDecision decision = new MoveDecision(
                new AnalyticPredictor(),
                SloPolicies.shipped().get("ensure_performance"),
                ReservationTerms.DEFAULT,
                Duration.ofMinutes(5));

        PlannedMigration planned =
                new MovePlanner(cloud, decision, new MovePlanner.Listener() {}).plan(CLUSTER, move("a", "h3"));

        assertThat(planned.migrationCase().link().capacity()).isEqualTo(Bandwidth.ofMegabits(100));
    }

    /** Two VMs that send 400 and 100 Mbit/s are moved; of the one that stays, 300 of 300 are to be kept. */
    @Test
    void theScheduleKnowsBoundsAndUrgencies() throws Exception {
        ClusterModel busy = DrawnCluster.draw("""
                host h1 out=800
                  vm a memory=2048 out=400
                  vm b memory=2048 out=100
                  vm c memory=2048 out=300
                host h2
                """);
        when(cloud.slas(any(), any()))
                .thenReturn(Map.of(
                        "a", sla(400, Urgency.HIGH, 240, 360),
                        "b", sla(100, Urgency.LOW, 90, 100),
                        "c", sla(300, Urgency.MEDIUM, 225, 300)));
        AtomicReference<SchedulingProblem> asked = new AtomicReference<>();
        MoveDecision decision = new MoveDecision(
                new AnalyticPredictor(),
                SloPolicies.shipped().get("ensure_performance"),
                ReservationTerms.DEFAULT,
                Duration.ofMinutes(5));
        MigrationPlan plan = new MovePlanner(
                        cloud,
                        decision,
                        new MovePlanner.Listener() {},
                        Optional.of(ScheduleTerms.DEFAULT.withParallel(1)),
                        problem -> {
                            asked.set(problem);
                            return Schedulers.standard().schedule(problem);
                        })
                .plan(busy, List.of(move("a", "h2"), move("b", "h2")));

        assertThat(asked.get().moves())
                .extracting(MoveRequest::vm, MoveRequest::urgency, MoveRequest::slaLower, MoveRequest::slaUpper)
                .containsExactly(
                        tuple("a", Urgency.HIGH, Bandwidth.ofMegabits(240), Bandwidth.ofMegabits(360)),
                        tuple("b", Urgency.LOW, Bandwidth.ofMegabits(90), Bandwidth.ofMegabits(100)));
        NetworkLink out = asked.get().topology().byName().get("h1").out();
        assertThat(out.slaLower()).isEqualTo(Bandwidth.ofMegabits(225));
        assertThat(out.slaUpper()).isEqualTo(Bandwidth.ofMegabits(300));
        // The first leaves what c and the other one keep, the second what c keeps.
        PlannedMigration second = plan.migrations().get(1);
        assertThat(second.terms().orElseThrow().slaLower()).isEqualTo(0.225);
        PlannedMigration first = plan.migrations().get(0);
        assertThat(first.terms().orElseThrow().slaLower())
                .isEqualTo(first.move().vm().equals("a") ? 0.315 : 0.465);
        assertThat(first.terms().orElseThrow().urgency())
                .isEqualTo(first.move().vm().equals("a") ? Urgency.HIGH : Urgency.LOW);
    }

    private static VmSla sla(double out, Urgency urgency, double lower, double upper) {
        return new VmSla(
                "class",
                new Traffic(Bandwidth.ZERO, Bandwidth.ofMegabits(out)),
                urgency,
                new SlaBounds(Bandwidth.ofMegabits(lower), Bandwidth.ofMegabits(upper)),
                List.of());
    }
}
