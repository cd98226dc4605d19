package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.solve.Schedulers;
import io.github.godwit.model.select.NoTechniqueException;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterHost.PeerNic;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.plan.MigrationPlan.Unplanned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Profiles the VMs that a strategy moves, chooses a technique for each, and builds the plan. */
public final class MovePlanner {

    private static final Logger LOG = LoggerFactory.getLogger(MovePlanner.class);

    private static final int MAX_REASON_CHARS = 200;

    /** Is notified of the progress of planning. */
    public interface Listener {

        /** A move is about to be planned. The VM is profiled, which takes seconds. */
        default void planning(Move move) {}

        /** A move was planned. */
        default void planned(PlannedMigration migration) {}
    }

    private final Cloud cloud;
    private final MoveDecision decision;
    private final Listener listener;
    private final FactsReader reader;
    private final Optional<ScheduleTerms> terms;
    private final MigrationScheduler scheduler;

    /**
     * Creates a planner of moves that run one after another.
     *
     * @param cloud    profiles VMs, and returns which techniques are available
     * @param decision chooses the technique of each migration
     * @param listener is notified of the progress
     */
    public MovePlanner(Cloud cloud, MoveDecision decision, Listener listener) {
        this(cloud, decision, listener, Optional.empty(), Schedulers.standard());
    }

    /** Creates a planner of moves that are scheduled together under these terms. */
    public MovePlanner(Cloud cloud, MoveDecision decision, Listener listener, ScheduleTerms terms) {
        this(cloud, decision, listener, Optional.of(terms), Schedulers.standard());
    }

    MovePlanner(
            Cloud cloud,
            MoveDecision decision,
            Listener listener,
            Optional<ScheduleTerms> terms,
            MigrationScheduler scheduler) {
        this.scheduler = scheduler;
        this.cloud = cloud;
        this.decision = decision;
        this.listener = listener;
        this.reader = new FactsReader(cloud);
        this.terms = terms;
    }

    /**
     * Plans moves. A move that cannot be planned is listed as unplanned, and planning continues.
     *
     * <p>Without terms of a schedule, or if no schedule can be made, which the plan says with the reason, the moves run in their order, and
     * each is planned with the loads that are predicted after the earlier ones.
     *
     * @param now   the newest snapshot of the cluster
     * @param wanted the moves of a strategy, based on that snapshot
     * @throws InterruptedException if the thread is interrupted
     */
    public MigrationPlan plan(ClusterModel now, List<Move> wanted) throws InterruptedException {
        PlanSlas slas = PlanSlas.read(cloud, decision.terms().urgency(), now, wanted);
        List<Move> moves = TrafficReasons.told(slas, now, wanted);
        Map<Move, FactsReader.Result> facts = reader.read(now, moves, listener::planning);
        MigrationPlan plan = inOrder(now, moves, facts, slas);
        if (terms.isPresent() && !moves.isEmpty()) {
            plan = together(now, plan, facts, terms.get(), slas);
        }
        plan.migrations().forEach(listener::planned);
        return plan;
    }

    private MigrationPlan together(
            ClusterModel now,
            MigrationPlan plan,
            Map<Move, FactsReader.Result> facts,
            ScheduleTerms under,
            PlanSlas slas)
            throws InterruptedException {
        if (!plan.unplanned().isEmpty()) {
            return plan.unscheduledBecause("Not all moves can be planned.");
        }
        try {
            List<MoveFacts> moves = plan.migrations().stream()
                    .map(each -> facts.get(each.move()).facts())
                    .toList();
            return new JointSchedule(
                            decision,
                            under,
                            scheduler,
                            host -> cloud.concurrentMigrations(host).orElse(0))
                    .plan(ScheduleFacts.of(now, moves, slas, decision, under), Instant.now());
        } catch (NoTechniqueException | HostDriverException | ServiceRefusal e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LOG.warn("The moves could not be scheduled together; they run one after another", e);
            return plan.unscheduledBecause(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("The moves could not be scheduled together; they run one after another", e);
            return plan.unscheduledBecause("Internal error in the service; see its log: " + e);
        }
    }

    private MigrationPlan inOrder(
            ClusterModel now, List<Move> moves, Map<Move, FactsReader.Result> facts, PlanSlas slas)
            throws InterruptedException {
        List<PlannedMigration> planned = new ArrayList<>();
        List<Unplanned> unplanned = new ArrayList<>();
        ClusterModel cluster = now;
        for (Move move : moves) {
            try {
                planned.add(decided(facts.get(move), cluster, slas));
                cluster = cluster.withMove(move.vm(), move.to());
            } catch (HostDriverException | NoTechniqueException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LOG.info("{} is not planned: {}", move, e.getMessage());
                unplanned.add(
                        new Unplanned(move, e instanceof NoTechniqueException ? noTechnique(move) : e.getMessage()));
            }
        }
        return MigrationPlan.inOrder(decision.policy(), planned, unplanned);
    }

    private PlannedMigration decided(FactsReader.Result result, ClusterModel cluster, PlanSlas slas) {
        if (result.failure() != null) {
            throw result.failure();
        }
        MoveFacts facts = result.facts();
        Move move = facts.move();
        ClusterHost source = facts.source(cluster, move.to());
        ClusterHost destination = facts.destination(cluster, move.to());
        MoveFacts.Nics nics = facts.between(move.to());
        return decision.under(slas.terms(
                        decision.terms(),
                        move.vm(),
                        source,
                        beside(move, cluster, move.from(), nics.source()),
                        destination,
                        beside(move, cluster, move.to(), nics.destination())))
                .decide(
                        facts.move(),
                        facts.profile(),
                        source,
                        destination,
                        facts.techniques().get(destination.name()),
                        facts.diskBytes())
                .withLocalDisk(facts.localDisk());
    }

    /** The other VMs that use the same NIC of a host: none, if it is another one than the usual. */
    private static List<String> beside(Move move, ClusterModel cluster, String host, PeerNic nic) {
        return nic != null
                ? List.of()
                : ScheduleInput.vmsOn(cluster, host).stream()
                        .filter(vm -> !vm.equals(move.vm()))
                        .toList();
    }

    /** Returns why no technique can run, with each reason once; the log has the reason of each technique. */
    private String noTechnique(Move move) {
        Map<String, Long> techniques =
                cloud.techniques(move.vm(), move.from(), move.to()).unavailable().values().stream()
                        .collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()));
        if (techniques.isEmpty()) {
            return "No technique can run: none has a prediction.";
        }
        Map.Entry<String, Long> first =
                techniques.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        int others = techniques.size() - 1;
        String reason = first.getKey();
        return "No technique can run: %s (%d techniques)%s."
                .formatted(
                        reason.length() > MAX_REASON_CHARS ? TextRule.cut(reason, MAX_REASON_CHARS) + " …" : reason,
                        first.getValue(),
                        others == 0
                                ? ""
                                : "; %d other %s for the rest".formatted(others, others == 1 ? "reason" : "reasons"));
    }

    /**
     * Plans one move.
     *
     * @param cluster the cluster, with both hosts
     * @param move    the move
     * @throws HostDriverException  if a host driver does not answer or refuses
     * @throws NoTechniqueException if no technique can migrate the VM
     */
    public PlannedMigration plan(ClusterModel cluster, Move move) {
        PlanSlas slas = PlanSlas.read(cloud, decision.terms().urgency(), cluster, List.of(move));
        return decided(reader.read(cluster, move), cluster, slas);
    }
}
