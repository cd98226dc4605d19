package io.github.godwit.model.schedule.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.schedule.Estimators;
import io.github.godwit.model.schedule.HostLimit;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.NetworkLink;
import io.github.godwit.model.schedule.PeerNetwork;
import io.github.godwit.model.schedule.RackLink;
import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduleVerifier;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.TechniqueEstimates;
import io.github.godwit.model.schedule.Topology;
import io.github.godwit.model.schedule.solve.PlanEvaluator.Decision;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Shares, waiting and limits, worked out by hand: VMs of so many Mbit on links of 1000 Mbit/s. */
class SimulatedSharesTest {

    private static final Bandwidth LINK = Bandwidth.ofMegabits(1000);
    private static final Topology THREE_HOSTS =
            Topology.of(HostNetwork.idle("a", LINK), HostNetwork.idle("b", LINK), HostNetwork.idle("c", LINK));

    private static SchedulingProblem problem(Map<String, Double> volumes, MoveRequest... moves) {
        return new SchedulingProblem(List.of(moves), THREE_HOSTS, Estimators.volumes(volumes));
    }

    private static MoveRequest move(String vm, String source, String... destinations) {
        return new MoveRequest(vm, source, List.of(destinations));
    }

    private static double end(Schedule schedule, String vm) {
        return schedule.byVm().get(vm).end().value();
    }

    /** 1000 and 3000 Mbit at 500 Mbit/s each: the first ends after 2 s, then 2000 Mbit are left at 1000 Mbit/s. */
    @Test
    void twoShareALinkUntilOneHasEnded() throws InterruptedException {
        SchedulingProblem problem = problem(Map.of("x", 1000.0, "y", 3000.0), move("x", "a", "b"), move("y", "a", "c"));
        Schedule schedule = RuleSchedulers.atOnce(null).schedule(problem);
        assertThat(end(schedule, "x")).isCloseTo(2, within(1e-6));
        assertThat(end(schedule, "y")).isCloseTo(4, within(1e-6));
        assertThat(schedule.byVm().get("y").bandwidth())
                .extracting(step -> step.bandwidth().megabits())
                .containsExactly(500.0, 1000.0);
        assertThat(schedule.mostAtOnce()).isEqualTo(2);
    }

    @Test
    void aSerialMoveWaitsForTheOnesThatShareALinkWithIt() throws InterruptedException {
        SchedulingProblem problem = problem(
                Map.of("x", 1000.0, "y", 3000.0, "z", 500.0),
                move("x", "a", "b"),
                move("y", "a", "b"),
                move("z", "c", "a"));
        Schedule schedule = RuleSchedulers.serial(null).schedule(problem);
        assertThat(end(schedule, "y")).isCloseTo(4, within(1e-6));
        assertThat(end(schedule, "z")).isCloseTo(0.5, within(1e-6));
        assertThat(schedule.byVm().get("y").after()).containsExactly("x");
        assertThat(schedule.byVm().get("y").group()).isEqualTo(1);
        assertThat(schedule.inTheWay().orElseThrow().vm()).isEqualTo("y");
        assertThat(schedule.criticalPath()).extracting(each -> each.vm()).containsExactly("x", "y");
    }

    /** What a waits for is named without what it follows from: c waits for b, which waits for a. */
    @Test
    void whatFollowsFromAnotherWaitIsLeftOut() throws InterruptedException {
        SchedulingProblem problem = problem(
                Map.of("x", 1000.0, "y", 1000.0, "z", 1000.0),
                move("x", "a", "b"),
                move("y", "a", "b"),
                move("z", "a", "b"));
        Schedule schedule = RuleSchedulers.serial(null).schedule(problem);
        assertThat(schedule.byVm().get("z").after()).containsExactly("y");
    }

    /** Two places: z takes that of x, which ends after 2 s, and waits for it alone. */
    @Test
    void aLimitOfTheSourceIsKept() throws InterruptedException {
        SchedulingProblem problem = problem(
                        Map.of("x", 1000.0, "y", 3000.0, "z", 1000.0),
                        move("x", "a", "b"),
                        move("y", "a", "c"),
                        move("z", "a", "b"))
                .withLimits(List.of(new HostLimit("a", 2, 0)));
        Schedule schedule = RuleSchedulers.atOnce(null).schedule(problem);
        assertThat(schedule.byVm().get("z").after()).containsExactly("x");
        assertThat(schedule.byVm().get("z").start().value()).isCloseTo(2, within(1e-6));
        ScheduleVerifier.verify(problem, schedule);
    }

    @Test
    void twoOfAnAntiAffinityGroupAreNeverInMigrationAtOnce() throws InterruptedException {
        SchedulingProblem problem = problem(Map.of("x", 1000.0, "y", 1000.0), move("x", "a", "b"), move("y", "b", "c"))
                .withApart(List.of(Set.of("x", "y")));
        Schedule schedule = RuleSchedulers.atOnce(null).schedule(problem);
        assertThat(schedule.mostAtOnce()).isEqualTo(1);
        assertThat(schedule.byVm().get("y").after()).containsExactly("x");
    }

    /** 400 Mbit/s go to x; the running one gets no more than it uses, and y the rest. */
    @Test
    void aRunningMigrationSharesItsLinks() throws InterruptedException {
        SchedulingProblem problem = problem(Map.of("y", 1200.0), move("y", "a", "b"))
                .withRunning(
                        List.of(new RunningMigration("r", "a", "c", Bandwidth.ofMegabits(400), Interval.exactly(1))));
        Schedule schedule = RuleSchedulers.atOnce(null).schedule(problem);
        assertThat(schedule.byVm().get("y").firstBandwidth().megabits()).isCloseTo(600, within(1e-3));
        assertThat(end(schedule, "y")).isCloseTo(1 + 0.6, within(1e-6));
    }

    @Test
    void migrationsBetweenRacksShareTheirLink() throws InterruptedException {
        Topology racks = new Topology(
                List.of(
                        HostNetwork.idle("a", LINK).inRack("red"),
                        HostNetwork.idle("b", LINK).inRack("red"),
                        HostNetwork.idle("c", LINK).inRack("blue"),
                        HostNetwork.idle("d", LINK).inRack("blue")),
                RackLink.between("red", "blue", Bandwidth.ofMegabits(800)),
                List.of());
        SchedulingProblem problem = new SchedulingProblem(
                List.of(move("x", "a", "c"), move("y", "b", "d")),
                racks,
                Estimators.volumes(Map.of("x", 400.0, "y", 400.0)));
        Schedule schedule = RuleSchedulers.atOnce(null).schedule(problem);
        assertThat(schedule.byVm().get("x").firstBandwidth().megabits()).isCloseTo(400, within(1e-3));
        assertThat(schedule.end().value()).isCloseTo(1, within(1e-6));
    }

    /** Towards c, a migrates by a NIC of a quarter of the rate, which the migration to b does not use. */
    @Test
    void aMigrationUsesTheNicTowardsItsPeer() throws InterruptedException {
        HostNetwork slow = HostNetwork.idle("a eth1", Bandwidth.ofMegabits(250));
        Topology twoNics = new Topology(
                THREE_HOSTS.hosts(),
                List.of(),
                List.of(new PeerNetwork("c", new HostNetwork("a", "", slow.out(), slow.in()))));
        SchedulingProblem problem = new SchedulingProblem(
                List.of(move("x", "a", "b"), move("y", "a", "c")),
                twoNics,
                Estimators.volumes(Map.of("x", 1000.0, "y", 1000.0)));
        Schedule schedule = RuleSchedulers.atOnce(null).schedule(problem);
        assertThat(end(schedule, "x")).isCloseTo(1, within(1e-6));
        assertThat(end(schedule, "y")).isCloseTo(4, within(1e-6));
    }

    private static SchedulingProblem besideTraffic(Urgency urgency, boolean reservable) {
        NetworkLink busy = new NetworkLink(
                "a out",
                LINK,
                Bandwidth.ofMegabits(700),
                Bandwidth.ofMegabits(350),
                Bandwidth.ofMegabits(600),
                reservable);
        Topology topology =
                Topology.of(new HostNetwork("a", "", busy, new NetworkLink("a in", LINK)), HostNetwork.idle("b", LINK));
        return new SchedulingProblem(
                List.of(move("x", "a", "b").withUrgency(urgency)), topology, Estimators.volumes(Map.of("x", 1000.0)));
    }

    /** 300 of 1000 Mbit/s are free. Applications must keep 350 and should keep 600; 0.9 of the link is ideal. */
    @Test
    void urgencySaysHowMuchApplicationsGiveUp() throws InterruptedException {
        assertThat(firstMegabits(besideTraffic(Urgency.HIGH, true))).isCloseTo(650, within(1e-3));
        assertThat(firstMegabits(besideTraffic(Urgency.MEDIUM, true))).isCloseTo(650, within(1e-3));
        assertThat(firstMegabits(besideTraffic(Urgency.LOW, true))).isCloseTo(400, within(1e-3));
        assertThat(firstMegabits(besideTraffic(Urgency.HIGH, false)))
                .as("the half that TCP gets")
                .isCloseTo(500, within(1e-3));
    }

    private static double firstMegabits(SchedulingProblem problem) throws InterruptedException {
        return RuleSchedulers.serial(null)
                .schedule(problem)
                .migrations()
                .get(0)
                .firstBandwidth()
                .megabits();
    }

    /** The VM that sends 600 Mbit/s takes them along when it has left: 1000 Mbit at 400 Mbit/s, then at 1000. */
    @Test
    void aVmTakesItsTrafficAlong() throws InterruptedException {
        NetworkLink busy =
                new NetworkLink("a out", LINK, Bandwidth.ofMegabits(600), Bandwidth.ZERO, Bandwidth.ZERO, false);
        Topology topology =
                Topology.of(new HostNetwork("a", "", busy, new NetworkLink("a in", LINK)), HostNetwork.idle("b", LINK));
        Traffic sends = new Traffic(Bandwidth.ZERO, Bandwidth.ofMegabits(600));
        SchedulingProblem problem = new SchedulingProblem(
                List.of(
                        move("sender", "a", "b").withTraffic(sends, Bandwidth.ZERO, Bandwidth.ZERO),
                        move("quiet", "a", "b")),
                topology,
                (vm, destination, share) ->
                        TechniqueEstimates.only(Estimators.estimate(Technique.PRE_COPY, 1000 / share.megabits(), 0)));
        PlanEvaluator evaluator = new PlanEvaluator(problem);
        Schedule first = evaluator.schedule(List.of(Decision.serial("sender"), Decision.serial("quiet")), "order");
        Schedule last = evaluator.schedule(List.of(Decision.serial("quiet"), Decision.serial("sender")), "order");
        assertThat(first.end().value()).as("500 Mbit/s by TCP, then all").isCloseTo(2 + 1, within(1e-6));
        assertThat(last.end().value()).isCloseTo(2 + 2, within(1e-6));
        assertThat(Schedulers.standard().schedule(problem).order()).containsExactly("sender", "quiet");
    }

    @Test
    void thePriorityOfAVmDecidesAmongEqualOrders() throws InterruptedException {
        SchedulingProblem problem = problem(
                Map.of("x", 1000.0, "y", 1000.0, "z", 1000.0),
                move("x", "a", "b"),
                move("y", "a", "b"),
                move("z", "a", "b").withPriority(5));
        assertThat(Schedulers.standard().schedule(problem).order().get(0)).isEqualTo("z");
        assertThat(new SearchScheduler().schedule(problem).order().get(0)).isEqualTo("z");
    }

    @Test
    void nothingToMoveIsAnEmptySchedule() throws InterruptedException {
        Schedule empty = Schedulers.standard().schedule(problem(Map.of()));
        assertThat(empty.migrations()).isEmpty();
        assertThat(empty.probability(0)).isEqualTo(1);
        assertThat(empty.inTheWay()).isEmpty();
    }

    @Test
    void aPlanMustDecideEachMoveOnce() throws InterruptedException {
        PlanEvaluator evaluator = new PlanEvaluator(problem(Map.of("x", 1.0), move("x", "a", "b")));
        assertThatThrownBy(() -> evaluator.schedule(List.of(), "none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 decisions for 1 moves");
        assertThatThrownBy(() -> evaluator.schedule(List.of(new Decision("x", "c", null, 1)), "wrong"))
                .hasMessageContaining("VM 'x' cannot go to 'c'");
    }
}
