package io.github.godwit.strategy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.replay.watcher.VmWorkloadConsolidation;
import io.github.godwit.strategy.replay.watcher.WatcherSnapshot;
import io.github.godwit.strategy.replay.watcher.WorkloadStabilization;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Snapshots of a replay with what the rules written out from Watcher want in each, to compare that with Watcher's own classes. They are
 * spread over the whole time, in which both rules act.
 */
public final class RuleSnapshots {

    private static final int NUMBER = 50;

    private final LoadTrace trace;
    private final ClusterSize size;
    private final AuditIntervals intervals;
    private final long seed;

    /**
     * @param trace     the load
     * @param size      the hosts
     * @param intervals how often audits run
     * @param seed      for what is drawn
     */
    public RuleSnapshots(LoadTrace trace, ClusterSize size, AuditIntervals intervals, long seed) {
        this.trace = trace;
        this.size = size;
        this.intervals = intervals;
        this.seed = seed;
    }

    /** Returns the snapshots as JSON: for each its hosts and VMs, which hosts were drawn, and the moves of both rules. */
    public JsonNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode snapshots = root.putArray("snapshots");
        SimulatedCluster cluster = new SimulatedCluster(trace, size, HotspotRule.DEFAULT.cpuThreshold());
        WatcherContender watcher = new WatcherContender("", intervals, true, true, seed);
        Random random = new Random(seed);
        int every = Math.max(1, trace.steps() / NUMBER);
        while (!cluster.ended() && snapshots.size() < NUMBER) {
            if (cluster.step() % every == every / 2) {
                snapshots.add(snapshot(cluster.snapshot(), random));
            }
            watcher.act(cluster, new MoveLog(trace.step()));
            cluster.advance();
        }
        return root;
    }

    private static ObjectNode snapshot(WatcherSnapshot snapshot, Random random) {
        ObjectNode node = Texts.mapper().valueToTree(snapshot);
        List<Integer> drawn = new ArrayList<>();
        ObjectNode stabilization = node.putObject("stabilization");
        stabilization.set("moves", Texts.mapper().valueToTree(WorkloadStabilization.moves(snapshot, bound -> {
            int number = random.nextInt(bound);
            drawn.add(number);
            return number;
        })));
        stabilization.set("drawn", Texts.mapper().valueToTree(drawn));
        node.set("consolidation", Texts.mapper().valueToTree(VmWorkloadConsolidation.wanted(snapshot)));
        return node;
    }
}
