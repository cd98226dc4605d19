package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.solve.Schedulers;
import io.github.godwit.model.select.NoTechniqueException;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
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
     * <p>Without terms of a schedule, or if no schedule can be made, the moves run in their order, and each is planned with the loads that
     * are predicted after the earlier ones.
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
        if (plan.unplanned().isEmpty() && !moves.isEmpty()) {
            plan = terms.flatMap(each -> together(
                            now,
                            moves.stream().map(move -> facts.get(move).facts()).toList(),
                            each,
                            slas))
                    .orElse(plan);
        }
        plan.migrations().forEach(listener::planned);
        return plan;
    }

    private Optional<MigrationPlan> together(
            ClusterModel now, List<MoveFacts> moves, ScheduleTerms under, PlanSlas slas) {
        try {
            return Optional.of(new JointSchedule(
                            decision,
                            under,
                            slas,
                            scheduler,
                            host -> cloud.concurrentMigrations(host).orElse(0))
                    .plan(now, moves, Instant.now()));
        } catch (RuntimeException e) {
            LOG.warn("The moves could not be scheduled together; they run one after another", e);
            return Optional.empty();
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
        return new MigrationPlan(decision.policy(), planned, unplanned);
    }

    private PlannedMigration decided(FactsReader.Result result, ClusterModel cluster, PlanSlas slas) {
        if (result.failure() != null) {
            throw result.failure();
        }
        MoveFacts facts = result.facts();
        Move move = facts.move();
        ClusterHost source = cluster.host(move.from());
        ClusterHost destination = cluster.host(move.to());
        return decision.under(slas.terms(decision.terms(), move.vm(), cluster, source, destination))
                .decide(
                        facts.move(),
                        facts.profile(),
                        source,
                        destination,
                        facts.techniques().get(destination.name()),
                        facts.diskBytes())
                .withLocalDisk(facts.localDisk());
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
                        reason.length() > MAX_REASON_CHARS ? reason.substring(0, MAX_REASON_CHARS) + " …" : reason,
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
        return decided(reader.read(move, cluster.vm(move.vm())), cluster, slas);
    }
}
