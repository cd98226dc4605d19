package io.github.godwit.strategy.plan;

import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.model.hotspot.LoadSample;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.plan.MigrationPlan.Unplanned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A move from a hot host has to relieve it of more than it costs. It gains the load above the thresholds that it removes, in cores, for as
 * long as the hotspot is assumed to last; what hosts should keep free below the CPU threshold counts as above. Load of memory counts as
 * the same share of the cores.
 *
 * @param rule     the thresholds
 * @param headroom share of its cores that a host keeps below the CPU threshold
 * @param horizon  how long the hotspot would last without the move
 */
public record ReliefWorth(HotspotRule rule, double headroom, Duration horizon) implements PlanWorth {

    @Override
    public List<Unplanned> worthless(ClusterHistory history, MigrationPlan plan) {
        List<Unplanned> worthless = new ArrayList<>();
        ClusterModel cluster = history.sustained(rule);
        for (PlannedMigration migration : plan.migrations()) {
            Move move = migration.move();
            ClusterModel after = cluster.withMove(move.vm(), move.to());
            double cores = excess(cluster, move) - excess(after, move);
            double gain = cores * horizon.toSeconds();
            double cost = MoveCost.coreSeconds(migration);
            if (gain > cost) {
                cluster = after;
            } else {
                worthless.add(Unplanned.worthless(
                        move,
                        ("The move would take %.1f core-seconds, and relieve its hosts of %.2f cores too much, which is "
                                        + "%.1f core-seconds in %d min.")
                                .formatted(cost, cores, gain, horizon.toMinutes())));
            }
        }
        return worthless;
    }

    private double excess(ClusterModel cluster, Move move) {
        return excess(cluster.host(move.from())) + excess(cluster.host(move.to()));
    }

    private double excess(ClusterHost host) {
        LoadSample load = host.load();
        double share = Math.max(0, load.cpu() - rule.cpuThreshold() + headroom)
                + Math.max(0, load.memory() - rule.memoryThreshold());
        return share * host.profile().cores();
    }
}
