package io.github.godwit.strategy.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.strategy.audit.AuditDecision;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.catalog.ParameterSchema;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.Strategy;
import io.github.godwit.strategy.plan.MoveDecision;
import io.github.godwit.strategy.plan.MovePlanner;
import io.github.godwit.strategy.plan.PlanWorth;
import io.github.godwit.strategy.plan.PlannedMigration;
import io.github.godwit.strategy.plan.SolvedPlan;
import io.github.godwit.strategy.settle.MoveHistory;
import io.github.godwit.strategy.settle.PastMove;
import io.github.godwit.strategy.settle.PastMove.End;
import io.github.godwit.strategy.settle.PastMove.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Audits with Godwit's own strategies, parameters, rests and predictions, each plan of which is carried out at once. */
final class GodwitContender implements Contender {

    private static final String HOTSPOT = "hotspot_mitigation";
    private static final String CONSOLIDATION = "consolidation";

    private final String name;
    private final AuditIntervals intervals;
    private final boolean consolidates;
    private final boolean settles;
    private final MoveDecision decision;
    private final ObjectNode hotspot;
    private final ObjectNode consolidation;
    private final List<PastMove> past = new ArrayList<>();

    /**
     * @param intervals    how often the audits run
     * @param consolidates whether there is an audit that consolidates besides the one against hotspots
     * @param settles      whether earlier moves count, destinations keep headroom, and moves have to be worth their cost
     * @param decision     plans each migration
     */
    GodwitContender(
            String name, AuditIntervals intervals, boolean consolidates, boolean settles, MoveDecision decision) {
        this.name = name;
        this.intervals = intervals;
        this.consolidates = consolidates;
        this.settles = settles;
        this.decision = decision;
        this.hotspot = parameters(HOTSPOT);
        this.consolidation = parameters(CONSOLIDATION);
    }

    private ObjectNode parameters(String strategy) {
        ObjectNode parameters = ParameterSchema.complete(Catalog.shipped().strategy(strategy), null);
        if (!settles) {
            parameters.put("headroom", 0).put("horizon", 0);
        }
        return parameters;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void act(SimulatedCluster cluster, MoveLog log) throws InterruptedException {
        if (AuditIntervals.due(intervals.balance(), cluster)) {
            audit(new AuditDecision(HOTSPOT, hotspot), cluster, log);
        }
        if (consolidates && AuditIntervals.due(intervals.consolidation(), cluster)) {
            audit(new AuditDecision(CONSOLIDATION, consolidation), cluster, log);
        }
    }

    private void audit(AuditDecision audit, SimulatedCluster cluster, MoveLog log) throws InterruptedException {
        ClusterModel now = cluster.model();
        ClusterHistory history =
                new ClusterHistory(Collections.nCopies(audit.rule().samples(), now));
        Instant time = cluster.now();
        past.removeIf(move -> move.at().plus(audit.settling().horizon()).isBefore(time));
        Strategy strategy = audit.decider(
                settles ? new MoveHistory(past) : MoveHistory.NONE,
                time.minus(cluster.trace().step()),
                time);
        MovePlanner planner = new MovePlanner(new SimulatedCloud(now), decision, new MovePlanner.Listener() {});
        PlanWorth worth = audit.worth();
        SolvedPlan solved = SolvedPlan.of(strategy, history, planner, worth, solution -> {});
        Instant end = time;
        for (PlannedMigration migration : solved.plan().migrations()) {
            String vm = migration.move().vm();
            String from = migration.move().from();
            String to = migration.move().to();
            boolean moved = cluster.move(vm, to);
            end = end.plus(
                    Duration.ofMillis(Math.round(migration.choice().prediction().value(Metric.TOTAL_TIME))));
            past.add(new PastMove(
                    vm,
                    from,
                    to,
                    Purpose.of(audit.strategy()),
                    moved ? End.MOVED : End.FAILED,
                    end,
                    moved ? null : "Placement has too little memory left"));
            if (moved) {
                log.moved(cluster.step(), vm, from, to);
            } else {
                log.refused();
            }
        }
    }
}
