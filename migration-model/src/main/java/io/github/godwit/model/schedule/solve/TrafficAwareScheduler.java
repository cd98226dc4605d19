package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.NetworkLink;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.rule.TrafficTechnique;
import io.github.godwit.model.schedule.solve.PlanEvaluator.Decision;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * [Thesis 2025], algorithm 3: VMs of high urgency in parallel, those of medium urgency too if the bandwidth suffices, then the others one
 * after another. What parallel VMs are moved by depends on the traffic of both hosts and of the VMs together; what a serial one is moved by,
 * on the traffic at its time, after those before it took theirs along.
 */
public final class TrafficAwareScheduler implements MigrationScheduler {

    /** Part of the ideal bandwidth that must be free for a VM of medium urgency to go in parallel: what algorithm 2 would reserve. */
    private static final double MEDIUM_SHARE = 0.75;

    @Override
    public Schedule schedule(SchedulingProblem problem) throws InterruptedException {
        Map<String, HostNetwork> hosts = problem.topology().byName();
        Map<String, Traffic> traffic = new HashMap<>();
        hosts.forEach((name, host) -> traffic.put(
                name, new Traffic(host.in().applications(), host.out().applications())));
        List<MoveRequest> parallel = new ArrayList<>();
        List<MoveRequest> serial = new ArrayList<>();
        for (MoveRequest move : problem.moves()) {
            (goesInParallel(move, hosts) ? parallel : serial).add(move);
        }
        List<Decision> decisions = new ArrayList<>();
        TrafficClass together = TrafficClass.of(
                parallel.stream().map(MoveRequest::traffic).reduce(Traffic.NONE, TrafficAwareScheduler::sum));
        for (MoveRequest move : parallel) {
            Technique technique = TrafficTechnique.parallel(
                    TrafficClass.of(traffic.get(move.source())),
                    TrafficClass.of(traffic.get(destination(move))),
                    together);
            decisions.add(Decision.atOnce(move.vm()).by(technique));
        }
        parallel.forEach(move -> take(move, traffic));
        List<TrafficClass> classes =
                serial.stream().map(each -> TrafficClass.of(each.traffic())).toList();
        for (int i : TrafficTechnique.serialOrder(classes)) {
            MoveRequest move = serial.get(i);
            Technique technique = TrafficTechnique.single(
                    TrafficClass.of(traffic.get(move.source())), TrafficClass.of(traffic.get(destination(move))));
            decisions.add(Decision.serial(move.vm()).by(technique));
            take(move, traffic);
        }
        return new PlanEvaluator(problem).schedule(decisions, "traffic_aware");
    }

    private static boolean goesInParallel(MoveRequest move, Map<String, HostNetwork> hosts) {
        return move.urgency() == Urgency.HIGH
                || (move.urgency() == Urgency.MEDIUM
                        && suffices(hosts.get(move.source()).out())
                        && suffices(hosts.get(destination(move)).in()));
    }

    private static boolean suffices(NetworkLink link) {
        double free = link.capacity().minus(link.applications()).megabits();
        return free
                >= MEDIUM_SHARE
                        * ReservationTerms.DEFAULT.idealShare()
                        * link.capacity().megabits();
    }

    private static String destination(MoveRequest move) {
        return move.destinations().get(0);
    }

    private static void take(MoveRequest move, Map<String, Traffic> traffic) {
        traffic.computeIfPresent(
                move.source(),
                (host, now) -> new Traffic(
                        now.in().minus(move.traffic().in()),
                        now.out().minus(move.traffic().out())));
        traffic.computeIfPresent(destination(move), (host, now) -> sum(now, move.traffic()));
    }

    private static Traffic sum(Traffic one, Traffic other) {
        Bandwidth in = one.in().plus(other.in());
        return new Traffic(in, one.out().plus(other.out()));
    }
}
