package io.github.godwit.strategy.plan;

import io.github.godwit.model.predict.PartialProfilePredictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.schedule.HostLimit;
import io.github.godwit.model.schedule.MigrationEstimator;
import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.PolicyEstimator;
import io.github.godwit.model.schedule.PolicyEstimator.Candidate;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduledMigration;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.traffic.SlaBounds;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterHost.PeerNic;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.Move;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * Decides order, destination, technique and bandwidth of several moves together, when a plan is made and when what is left of it is
 * scheduled again. Every estimate is made by the {@link MoveDecision} that decides a single move too: the search uses the simulation, the
 * comparison of the best schedules its own predictor. The loads are those before the first move. Pure.
 */
public final class JointSchedule {

    private final MoveDecision decision;
    private final ScheduleTerms terms;
    private final MigrationScheduler scheduler;
    private final ToIntFunction<String> concurrent;

    /**
     * @param decision   estimates and decides each migration
     * @param terms      what the schedule has to keep to
     * @param scheduler  makes the schedule
     * @param concurrent how many migrations a host may be the source of at a time, by its name; 0 for any number
     */
    public JointSchedule(
            MoveDecision decision,
            ScheduleTerms terms,
            MigrationScheduler scheduler,
            ToIntFunction<String> concurrent) {
        this.decision = decision;
        this.terms = terms;
        this.scheduler = scheduler;
        this.concurrent = concurrent;
    }

    /**
     * Schedules moves.
     *
     * @param facts what is known of them
     * @param at    the current time, with which a deadline is compared
     * @return the plan, whose times begin now
     * @throws io.github.godwit.model.select.NoTechniqueException if a VM cannot be migrated
     * @throws InterruptedException                               if the thread is interrupted
     */
    public MigrationPlan plan(ScheduleFacts facts, Instant at) throws InterruptedException {
        ClusterModel cluster = facts.cluster();
        PlanSlas slas = new PlanSlas(facts.slas());
        Map<String, MoveFacts> byVm = facts.moves().stream()
                .collect(Collectors.toMap(each -> each.move().vm(), Function.identity()));
        MoveDecision simulation = decision.by(new PartialProfilePredictor(new AnalyticPredictor()));
        ScheduleTopology network = new ScheduleTopology(facts, terms);
        Schedule schedule = scheduler.schedule(new SchedulingProblem(
                requests(facts, slas, cluster),
                network.running(),
                network.topology(),
                limits(facts),
                facts.apart(),
                terms.objective(),
                estimator(simulation, cluster, byVm),
                estimator(decision, cluster, byVm),
                terms.errors()));
        Concurrency concurrency = new Concurrency(schedule, network.running(), network.topology());
        List<PlannedMigration> planned = new ArrayList<>();
        for (ScheduledMigration scheduled : schedule.migrations()) {
            planned.add(planned(scheduled, byVm.get(scheduled.vm()), cluster, slas, concurrency));
        }
        return MigrationPlan.scheduled(
                decision.policy(),
                planned,
                new PlanSchedule(
                        schedule.method(),
                        terms.objective(),
                        MigrationSlot.Span.of(schedule.end()),
                        PlanSchedule.Deadline.of(terms.deadline(), at, schedule)),
                facts.to(planned));
    }

    private MigrationEstimator estimator(MoveDecision by, ClusterModel cluster, Map<String, MoveFacts> moves) {
        Map<List<String>, Candidate> known = new HashMap<>();
        PolicyEstimator.Candidates candidates =
                (vm, destination) -> known.computeIfAbsent(List.of(vm, destination), names -> {
                    MoveFacts facts = moves.get(vm);
                    return by.candidate(
                            facts, facts.source(cluster, destination), facts.destination(cluster, destination));
                });
        return ScheduleInput.with(terms.overhead(), terms.pace(), new PolicyEstimator(candidates, by.rules()));
    }

    private List<MoveRequest> requests(ScheduleFacts facts, PlanSlas slas, ClusterModel cluster) {
        List<MoveRequest> requests = new ArrayList<>();
        int moves = facts.moves().size();
        for (MoveFacts each : facts.moves()) {
            int priority = terms.priorities().getOrDefault(each.move().vm(), 0);
            int place = terms.inOrder() ? moves - requests.size() : 0;
            requests.add(request(each, slas, cluster).withPriority(priority * (moves + 1) + place));
        }
        return requests;
    }

    private MoveRequest request(MoveFacts facts, PlanSlas slas, ClusterModel cluster) {
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

    private List<HostLimit> limits(ScheduleFacts facts) {
        return facts.moves().stream()
                .map(each -> each.move().from())
                .distinct()
                .map(host -> {
                    int most = concurrent.applyAsInt(host);
                    int parallel = terms.parallel();
                    return new HostLimit(host, most == 0 ? parallel : Math.min(most, parallel), 0);
                })
                .toList();
    }

    private PlannedMigration planned(
            ScheduledMigration scheduled,
            MoveFacts facts,
            ClusterModel cluster,
            PlanSlas slas,
            Concurrency concurrency) {
        ClusterHost source = facts.source(cluster, scheduled.destination());
        ClusterHost destination = facts.destination(cluster, scheduled.destination());
        MoveFacts.Nics nics = facts.between(scheduled.destination());
        return decision.under(slas.terms(
                        decision.terms(),
                        scheduled.vm(),
                        source,
                        beside(scheduled, source, nics.source(), cluster, concurrency),
                        destination,
                        beside(scheduled, destination, nics.destination(), cluster, concurrency)))
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
                .at(MigrationSlot.of(
                        scheduled,
                        terms.priorities().getOrDefault(scheduled.vm(), 0),
                        ScheduleInput.without(terms.overhead(), terms.pace(), scheduled.duration())));
    }

    /** The VMs that use the same NIC of a host as the migration: none, if it is another one than the usual. */
    private static List<String> beside(
            ScheduledMigration scheduled,
            ClusterHost host,
            PeerNic nic,
            ClusterModel cluster,
            Concurrency concurrency) {
        return nic == null
                ? concurrency.vmsBeside(scheduled, host.name(), ScheduleInput.vmsOn(cluster, host.name()))
                : List.of();
    }
}
