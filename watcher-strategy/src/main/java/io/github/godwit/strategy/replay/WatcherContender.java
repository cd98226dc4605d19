package io.github.godwit.strategy.replay;

import io.github.godwit.strategy.replay.watcher.VmWorkloadConsolidation;
import io.github.godwit.strategy.replay.watcher.WatcherSnapshot.Transfer;
import io.github.godwit.strategy.replay.watcher.WorkloadStabilization;
import java.util.List;
import java.util.Random;

/** Audits with strategies of Watcher, each plan of which is carried out at once. */
final class WatcherContender implements Contender {

    private final String name;
    private final AuditIntervals intervals;
    private final boolean balances;
    private final boolean consolidates;
    private final Random random;

    /**
     * @param intervals    how often the audits run
     * @param balances     whether there is an audit with {@code workload_stabilization}
     * @param consolidates whether there is one with {@code vm_workload_consolidation}
     * @param seed         for the hosts that {@code workload_stabilization} draws
     */
    WatcherContender(String name, AuditIntervals intervals, boolean balances, boolean consolidates, long seed) {
        this.name = name;
        this.intervals = intervals;
        this.balances = balances;
        this.consolidates = consolidates;
        this.random = new Random(seed);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void act(SimulatedCluster cluster, MoveLog log) {
        if (balances && AuditIntervals.due(intervals.balance(), cluster)) {
            carryOut(WorkloadStabilization.moves(cluster.snapshot(), random::nextInt), cluster, log);
        }
        if (consolidates && AuditIntervals.due(intervals.consolidation(), cluster)) {
            VmWorkloadConsolidation.Wanted wanted = VmWorkloadConsolidation.wanted(cluster.snapshot());
            carryOut(wanted.moves(), cluster, log);
            cluster.enable(wanted.enabled(), wanted.disabled());
        }
    }

    private static void carryOut(List<Transfer> moves, SimulatedCluster cluster, MoveLog log) {
        for (Transfer move : moves) {
            if (cluster.move(move.vm(), move.to())) {
                log.moved(cluster.step(), move.vm(), move.from(), move.to());
            } else {
                log.refused();
            }
        }
    }
}
