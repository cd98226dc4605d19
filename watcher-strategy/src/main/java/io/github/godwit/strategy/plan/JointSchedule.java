package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.predict.PartialProfilePredictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.schedule.HostLimit;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.MigrationEstimator;
import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.PolicyEstimator;
import io.github.godwit.model.schedule.PolicyEstimator.Candidate;
import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduledMigration;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.Topology;
import io.github.godwit.model.traffic.SlaBounds;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.Move;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides order, destination, technique and bandwidth of several moves together. Every estimate is made by the {@link MoveDecision} that
 * decides a single move too: the search uses the simulation, the comparison of the best schedules its own predictor. The loads are those
 * before the first move. Pure.
 */
final class JointSchedule {

    private final MoveDecision decision;
    private final ScheduleTerms terms;
    private final PlanSlas slas;
    private final MigrationScheduler scheduler;
    private final ToIntFunction<String> concurrent;

    /**
     * @param decision   estimates and decides each migration
     * @param terms      what the schedule has to keep to
     * @param slas       SLA bounds and urgencies of the VMs on all hosts
     * @param scheduler  makes the schedule
     * @param concurrent how many migrations a host may be the source of at a time, by its name; 0 for any number
     */
    JointSchedule(
            MoveDecision decision,
            ScheduleTerms terms,
            PlanSlas slas,
            MigrationScheduler scheduler,
            ToIntFunction<String> concurrent) {
        this.decision = decision;
        this.terms = terms;
        this.slas = slas;
        this.scheduler = scheduler;
        this.concurrent = concurrent;
    }

    /**
     * Schedules moves.
     *
     * @param cluster the cluster before the first move
     * @param moves   the facts about each move
     * @param at      the current time, with which a deadline is compared
     * @throws io.github.godwit.model.select.NoTechniqueException if a VM cannot be migrated
     */
    MigrationPlan plan(ClusterModel cluster, List<MoveFacts> moves, Instant at) {
        Map<String, MoveFacts> byVm =
                moves.stream().collect(Collectors.toMap(facts -> facts.move().vm(), Function.identity()));
        MoveDecision simulation = decision.by(new PartialProfilePredictor(new AnalyticPredictor()));
        List<RunningMigration> running = running(cluster, byVm.keySet());
        Topology topology = topology(cluster, moves, running);
        Schedule schedule = scheduler.schedule(new SchedulingProblem(
                requests(moves, cluster),
                running,
                topology,
                limits(moves),
                cluster.rules().apart(),
                terms.objective(),
                estimator(simulation, cluster, byVm),
                estimator(decision, cluster, byVm)));
        Concurrency concurrency = new Concurrency(schedule, running, topology);
        List<PlannedMigration> planned = new ArrayList<>();
        for (ScheduledMigration scheduled : schedule.migrations()) {
            planned.add(planned(scheduled, byVm.get(scheduled.vm()), cluster, concurrency));
        }
        return new MigrationPlan(
                decision.policy(),
                planned,
                List.of(),
                Optional.of(new PlanSchedule(
                        schedule.method(),
                        terms.objective(),
                        MigrationSlot.Span.of(schedule.end()),
                        PlanSchedule.Deadline.of(terms.deadline(), at, schedule))));
    }

    private MigrationEstimator estimator(MoveDecision by, ClusterModel cluster, Map<String, MoveFacts> moves) {
        Map<List<String>, Candidate> known = new HashMap<>();
        PolicyEstimator.Candidates candidates =
                (vm, destination) -> known.computeIfAbsent(List.of(vm, destination), names -> {
                    MoveFacts facts = moves.get(vm);
                    return by.candidate(facts, cluster.host(facts.move().from()), cluster.host(destination));
                });
        return ScheduleInput.with(terms.overhead(), new PolicyEstimator(candidates, by.rules()));
    }

    private List<MoveRequest> requests(List<MoveFacts> moves, ClusterModel cluster) {
        List<MoveRequest> requests = new ArrayList<>();
        for (MoveFacts facts : moves) {
            int priority = terms.priorities().getOrDefault(facts.move().vm(), 0);
            int place = terms.inOrder() ? moves.size() - requests.size() : 0;
            requests.add(request(facts, cluster).withPriority(priority * (moves.size() + 1) + place));
        }
        return requests;
    }

    private MoveRequest request(MoveFacts facts, ClusterModel cluster) {
        Move move = facts.move();
        Traffic traffic = facts.vm().traffic();
        MoveRequest request = new MoveRequest(
                move.vm(),
                move.from(),
                move.destinations().stream()
                        .filter(facts.techniques()::containsKey)
                        .toList());
        Optional<VmSla> sla = slas.of(move.vm());
        if (sla.isPresent()) {
            SlaBounds bounds = sla.get().bounds();
            return request.withUrgency(sla.get().urgency()).withTraffic(traffic, bounds.lower(), bounds.upper());
        }
        Bandwidth link = cluster.host(move.from()).profile().link();
        Bandwidth busier = traffic.in().compareTo(traffic.out()) > 0 ? traffic.in() : traffic.out();
        return request.withUrgency(decision.terms().urgency())
                .withTraffic(
                        traffic,
                        ScheduleInput.kept(busier, link, decision.terms().slaLower()),
                        ScheduleInput.kept(busier, link, decision.terms().slaUpper()));
    }

    /** Those between hosts that are known here, of VMs that this plan does not move. */
    private List<RunningMigration> running(ClusterModel cluster, Set<String> moving) {
        return terms.running().stream()
                .filter(each -> !moving.contains(each.vm())
                        && cluster.findHost(each.source()).isPresent()
                        && cluster.findHost(each.destination()).isPresent())
                .toList();
    }

    private Topology topology(ClusterModel cluster, List<MoveFacts> moves, List<RunningMigration> running) {
        Map<String, HostNetwork> hosts = new TreeMap<>();
        Set<String> moving = moves.stream().map(facts -> facts.move().vm()).collect(Collectors.toSet());
        for (MoveFacts facts : moves) {
            Stream.concat(Stream.of(facts.move().from()), facts.techniques().keySet().stream())
                    .forEach(host -> hosts.computeIfAbsent(host, name -> network(cluster, name, moving)));
        }
        running.stream()
                .flatMap(each -> Stream.of(each.source(), each.destination()))
                .forEach(host -> hosts.computeIfAbsent(host, name -> network(cluster, name, moving)));
        return new Topology(List.copyOf(hosts.values()), terms.racks().links());
    }

    private HostNetwork network(ClusterModel cluster, String name, Set<String> moving) {
        ClusterHost host = cluster.host(name);
        ReservationSupport support = host.status().reservations();
        HostNetwork network = ScheduleInput.network(
                host.applications(),
                terms.racks(),
                decision.terms(),
                support != null && support.available(),
                Traffic.NONE);
        List<String> stay = names(cluster, name);
        stay.removeAll(moving);
        return slas.kept(stay).map(kept -> ScheduleInput.keeping(network, kept)).orElse(network);
    }

    private static List<String> names(ClusterModel cluster, String host) {
        return cluster.vmsOn(host).stream().map(VmStatus::name).collect(Collectors.toCollection(ArrayList::new));
    }

    private List<HostLimit> limits(List<MoveFacts> moves) {
        return moves.stream()
                .map(facts -> facts.move().from())
                .distinct()
                .map(host -> {
                    int most = concurrent.applyAsInt(host);
                    int parallel = terms.parallel();
                    return new HostLimit(host, most == 0 ? parallel : Math.min(most, parallel), 0);
                })
                .toList();
    }

    private PlannedMigration planned(
            ScheduledMigration scheduled, MoveFacts facts, ClusterModel cluster, Concurrency concurrency) {
        ClusterHost source = cluster.host(scheduled.source());
        ClusterHost destination = cluster.host(scheduled.destination());
        return decision.under(slas.terms(
                        decision.terms(),
                        scheduled.vm(),
                        source,
                        concurrency.vmsBeside(scheduled, source.name(), names(cluster, source.name())),
                        destination,
                        concurrency.vmsBeside(scheduled, destination.name(), names(cluster, destination.name()))))
                .decide(
                        facts.move().to(scheduled.destination()),
                        facts.profile(),
                        source,
                        destination,
                        facts.techniques().get(scheduled.destination()),
                        facts.diskBytes(),
                        Optional.of(new MoveDecision.Share(
                                scheduled.firstBandwidth(), concurrency.sharesItsWay(scheduled))))
                .withLocalDisk(facts.localDisk())
                .at(MigrationSlot.of(scheduled, 0, terms.priorities().getOrDefault(scheduled.vm(), 0)));
    }
}
