package io.github.godwit.strategy.replay;

import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.plan.MoveDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Replays a trace of load on a simulated cluster, once for each contender, which all begin with the same placement. */
public final class LoadReplay {

    private static final String BOTH = "godwit";
    private static final String RELIEF = "godwit hotspot";
    private static final String STABILIZATION = "workload_stabilization";
    private static final String CONSOLIDATION = "vm_workload_consolidation";
    private static final String WATCHER = "watcher, both";

    /** Is notified of the progress. */
    public interface Listener {

        /** A contender has decided about so many days, of so many. */
        void day(String contender, int day, int of);
    }

    private final LoadTrace trace;
    private final ClusterSize size;
    private final List<Contender> contenders;
    private final Listener listener;

    /**
     * @param trace     the load
     * @param size      the hosts
     * @param intervals how often audits run
     * @param decision  plans Godwit's migrations
     * @param seed      for what baselines draw
     * @param listener  is notified of the progress
     */
    public LoadReplay(
            LoadTrace trace,
            ClusterSize size,
            AuditIntervals intervals,
            MoveDecision decision,
            long seed,
            Listener listener) {
        this.trace = trace;
        this.size = size;
        this.listener = listener;
        this.contenders = List.of(
                Contender.NOBODY,
                new GodwitContender(BOTH, intervals, true, true, decision),
                new GodwitContender("godwit without rests", intervals, true, false, decision),
                new WatcherContender(WATCHER, intervals, true, true, seed),
                new GodwitContender(RELIEF, intervals, false, true, decision),
                new WatcherContender(STABILIZATION, intervals, true, false, seed),
                new WatcherContender(CONSOLIDATION, intervals, false, true, seed));
    }

    /**
     * Replays. The time is proportional to steps, VMs and hosts.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public ReplayReport run() throws InterruptedException {
        List<ReplayResult> results = new ArrayList<>();
        for (Contender contender : contenders) {
            results.add(run(contender));
        }
        Map<String, ReplayResult> byName =
                results.stream().collect(Collectors.toMap(ReplayResult::name, Function.identity()));
        List<Comparison> comparisons = List.of(
                Comparison.of(byName.get(BOTH), byName.get(WATCHER)),
                Comparison.of(byName.get(BOTH), byName.get(CONSOLIDATION)),
                Comparison.of(byName.get(RELIEF), byName.get(STABILIZATION)),
                Comparison.of(byName.get(BOTH), byName.get(STABILIZATION)));
        return new ReplayReport(
                true,
                trace.vms().size(),
                trace.steps() / (double) trace.stepsPerDay(),
                trace.step().toSeconds(),
                trace.use()[0],
                trace.use()[1],
                size,
                results,
                comparisons);
    }

    private ReplayResult run(Contender contender) throws InterruptedException {
        SimulatedCluster cluster = new SimulatedCluster(trace, size, HotspotRule.DEFAULT.cpuThreshold());
        MoveLog log = new MoveLog(trace.step());
        int days = Math.max(1, trace.steps() / trace.stepsPerDay());
        while (!cluster.ended()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            contender.act(cluster, log);
            cluster.advance();
            if (cluster.step() % trace.stepsPerDay() == 0) {
                listener.day(contender.name(), cluster.step() / trace.stepsPerDay(), days);
            }
        }
        return ReplayResult.of(contender.name(), cluster, log);
    }
}
