package io.github.godwit.strategy.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.DurationErrors;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.solve.Schedulers;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.traffic.SlaBounds;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHost.PeerNic;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.decide.Move;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three of the four VMs of h1 leave, one of them with a disk. What the first schedule was made from is stored; later ones are made from that. */
class ScheduleFactsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
                    host h1 out=800 cpu=0.5
                      vm a memory=2048 out=400 cores=1
                      vm b memory=2048 out=100 disk=4096
                      vm c memory=1024
                      vm d memory=1024 out=300
                    host h2
                      vm e in=200
                    host h3
                    host h4
                    """)
            .withRules(new ClusterRules(Set.of(), Set.of(), List.of(Set.of("b", "c"), Set.of("d", "e"))));

    private static final ScheduleSources SOURCES = new ScheduleSources(
            Racks.NONE,
            () -> ScheduleTerms.WITH_NOVA,
            () -> new DurationErrors(0.3, 1.5),
            () -> List.of(new RunningMigration("x", "h4", "h2", Bandwidth.ofMegabits(300), new Interval(10, 20, 30))));

    private final Cloud cloud = mock(Cloud.class);
    private final AtomicReference<SchedulingProblem> asked = new AtomicReference<>();
    private final MoveDecision decision = new MoveDecision(
            new AnalyticPredictor(),
            SloPolicies.shipped().get("ensure_performance").withVersion(3),
            ReservationTerms.DEFAULT.withUrgency(Urgency.LOW),
            Duration.ofMinutes(5));

    @BeforeEach
    void answers() {
        when(cloud.techniques(anyString(), anyString(), anyString())).thenReturn(TechniqueAvailability.all());
        when(cloud.profile(anyString(), anyString(), any()))
                .thenAnswer(call ->
                        VmProfile.unmeasured(CLUSTER.vm(call.getArgument(0)).definition()));
        when(cloud.concurrentMigrations(any())).thenReturn(OptionalInt.of(2));
        when(cloud.localDisk("b")).thenReturn(5L << 30);
        when(cloud.nicTowards(CLUSTER.host("h1"), CLUSTER.host("h3")))
                .thenReturn(Optional.of(new PeerNic("eth1", Bandwidth.ofMegabits(2500), Traffic.NONE)));
        when(cloud.slas(any(), any()))
                .thenReturn(Map.of(
                        "a", sla(400, Urgency.HIGH, 240, 360),
                        "b", sla(100, Urgency.LOW, 90, 100),
                        "c", sla(0, Urgency.MEDIUM, 0, 0),
                        "d", sla(300, Urgency.MEDIUM, 225, 300),
                        "e", sla(0, Urgency.MEDIUM, 0, 0)));
    }

    private static VmSla sla(double out, Urgency urgency, double lower, double upper) {
        return new VmSla(
                "class",
                new Traffic(Bandwidth.ZERO, Bandwidth.ofMegabits(out)),
                urgency,
                new SlaBounds(Bandwidth.ofMegabits(lower), Bandwidth.ofMegabits(upper)),
                List.of());
    }

    private static Move move(String vm, String to) {
        return new Move(vm, "h1", to, "h1 is emptied.");
    }

    private MigrationPlan plan() throws InterruptedException {
        return new MovePlanner(
                        cloud,
                        decision,
                        new MovePlanner.Listener() {},
                        Optional.of(ScheduleTerms.DEFAULT
                                .withPriorities(Map.of("c", 7, "someone", 3))
                                .withParallel(3)
                                .inTheOrderOfTheStrategy()
                                .under(SOURCES)),
                        problem -> {
                            asked.set(problem);
                            return Schedulers.standard().schedule(problem);
                        })
                .plan(CLUSTER, List.of(move("a", "h2"), move("b", "h3"), move("c", "h2")));
    }

    private static ScheduleFacts stored(MigrationPlan plan) {
        return ScheduleFacts.read(Texts.tree(Texts.json(plan.facts().orElseThrow())));
    }

    private SchedulingProblem again(ScheduleFacts facts) throws InterruptedException {
        new JointSchedule(
                        decision.by(new AnalyticPredictor()),
                        facts.terms(SOURCES),
                        problem -> {
                            asked.set(problem);
                            return Schedulers.standard().schedule(problem);
                        },
                        host -> 2)
                .plan(facts, NOW);
        return asked.get();
    }

    @Test
    void whatIsStoredIsReadAgain() throws InterruptedException {
        ScheduleFacts facts = plan().facts().orElseThrow();
        assertThat(stored(plan())).isEqualTo(facts);
        assertThat(facts.policy().version()).isEqualTo(3);
        assertThat(facts.hosts()).extracting(host -> host.name()).containsExactly("h1", "h2", "h3");
        assertThat(facts.priorities()).isEqualTo(Map.of("c", 7));
        assertThat(facts.staying()).isEqualTo(Map.of("h1", List.of("d"), "h2", List.of("e"), "h3", List.of()));
    }

    /** Bounds, urgencies, priorities, limits, links, disks, anti-affinity, other plans' migrations: everything that the first one knew. */
    @Test
    void aScheduleFromTheStoredFactsIsTheSameAgain() throws InterruptedException {
        MigrationPlan first = plan();
        SchedulingProblem before = asked.get();

        SchedulingProblem later = again(stored(first));

        assertThat(later.moves()).isEqualTo(before.moves());
        assertThat(later.moves().get(0).slaUpper()).isEqualTo(Bandwidth.ofMegabits(360));
        assertThat(later.topology()).isEqualTo(before.topology());
        assertThat(later.running()).isEqualTo(before.running()).hasSize(1);
        assertThat(later.limits()).isEqualTo(before.limits());
        assertThat(later.apart()).isEqualTo(before.apart()).containsExactly(Set.of("b", "c"));
        assertThat(later.objective()).isEqualTo(before.objective());
        assertThat(later.errors()).isEqualTo(before.errors());
        for (MoveRequest move : before.moves()) {
            String to = move.destinations().get(0);
            for (Bandwidth share : List.of(Bandwidth.ofMegabits(900), Bandwidth.ofMegabits(250))) {
                assertThat(later.search().estimate(move.vm(), to, share))
                        .isEqualTo(before.search().estimate(move.vm(), to, share));
                assertThat(later.finalists().estimate(move.vm(), to, share))
                        .isEqualTo(before.finalists().estimate(move.vm(), to, share));
            }
        }
    }

    /** 4 GiB at 900 Mbit/s are 38 s. */
    @Test
    void theDiskIsPartOfEveryEstimate() throws InterruptedException {
        SchedulingProblem later = again(stored(plan()));
        double withDisk = seconds(later, "b", "h3");
        assertThat(withDisk).isGreaterThan(seconds(later, "a", "h2") + 30);
    }

    private static double seconds(SchedulingProblem problem, String vm, String to) {
        var estimates = problem.search().estimate(vm, to, Bandwidth.ofMegabits(900));
        return estimates.byTechnique().get(estimates.chosen()).seconds().value();
    }

    /** After a has arrived, its 400 Mbit/s leave h1 and enter h2, and what it keeps of them is on h2. */
    @Test
    void whatHasEndedChangesTheLoadOfWhatIsLeft() throws InterruptedException {
        ScheduleFacts left = stored(plan()).after(Set.of("b", "c"), Set.of("a"));

        SchedulingProblem later = again(left);

        assertThat(later.moves()).extracting(MoveRequest::vm).containsExactly("b", "c");
        assertThat(later.topology().byName().get("h1").out().applications()).isEqualTo(Bandwidth.ofMegabits(400));
        assertThat(later.topology().byName().get("h1").out().slaLower()).isEqualTo(Bandwidth.ofMegabits(225));
        assertThat(later.topology().byName().get("h2").out().applications()).isEqualTo(Bandwidth.ofMegabits(400));
        assertThat(later.topology().byName().get("h2").out().slaLower()).isEqualTo(Bandwidth.ofMegabits(240));
    }

    /** One whose migration failed stays: it is not moved, and keeps its traffic on h1. */
    @Test
    void whatFailedStays() throws InterruptedException {
        SchedulingProblem later = again(stored(plan()).after(Set.of("b", "c"), Set.of()));

        assertThat(later.moves()).extracting(MoveRequest::vm).containsExactly("b", "c");
        assertThat(later.topology().byName().get("h1").out().applications()).isEqualTo(Bandwidth.ofMegabits(800));
        assertThat(later.topology().byName().get("h1").out().slaLower()).isEqualTo(Bandwidth.ofMegabits(225 + 240));
    }

    /** The transfers take twice as long; the time besides does not. */
    @Test
    void thePaceIsInTheEstimatesAndNotInWhatAMigrationWasPredictedToTake() throws InterruptedException {
        ScheduleFacts facts = stored(plan()).after(Set.of("c"), Set.of("a", "b"));
        ScheduleTerms alone = facts.terms(SOURCES).beside(List.of());
        MigrationSlot usual = slot(facts, alone);
        MigrationSlot slower = slot(facts, alone.atPace(2));

        double overhead = ScheduleTerms.WITH_NOVA.value();
        double transfer = usual.end().value() - overhead;
        assertThat(slower.end().value()).isCloseTo(overhead + 2 * transfer, within(0.05)); // of some 30 s
        assertThat(slower.duration().value()).isCloseTo(usual.duration().value(), within(0.01));
    }

    private MigrationSlot slot(ScheduleFacts facts, ScheduleTerms terms) throws InterruptedException {
        return new JointSchedule(decision, terms, Schedulers.standard(), host -> 2)
                .plan(facts, NOW)
                .migrations()
                .get(0)
                .slot()
                .orElseThrow();
    }
}
