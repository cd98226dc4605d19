package io.github.godwit.strategy.audit;

import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.ConsolidationStrategy;
import io.github.godwit.strategy.decide.Displacement;
import io.github.godwit.strategy.decide.Displacement.Way;
import io.github.godwit.strategy.decide.Move;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;

/** The efficacy of a solution: a value for each indicator of its goal in {@code catalog.yaml}. */
final class SolutionFigures {

    private final HotspotRule rule;
    private final ClusterModel before;
    private final List<Move> moves;
    private final Displacement displaced;
    private final ClusterModel after;

    /**
     * @param rule   thresholds of hot hosts
     * @param before the cluster when the audit ran
     * @param moves  the moves that are planned
     * @param displaced the servers that are migrated cold or stopped
     */
    SolutionFigures(HotspotRule rule, ClusterModel before, List<Move> moves, Displacement displaced) {
        this.rule = rule;
        this.before = before;
        this.moves = List.copyOf(moves);
        this.displaced = displaced;
        ClusterModel cluster = before;
        for (Move move : moves) {
            cluster = cluster.withMove(move.vm(), move.to());
        }
        this.after = cluster;
    }

    /** Returns the values of the indicators, by name. */
    Map<String, Double> of(AuditQuestion question) {
        double count = moves.size();
        return switch (question.goal()) {
            case "workload_balancing" ->
                Map.of(
                        "instance_migrations_count",
                        count,
                        "instances_count",
                        (double) before.vms().size(),
                        "hot_hosts_before",
                        (double) hot(before),
                        "hot_hosts_after",
                        (double) hot(after),
                        "standard_deviation_before_audit",
                        deviation(before),
                        "standard_deviation_after_audit",
                        deviation(after),
                        "live_migrations_count",
                        percent(count, before.vms().size()));
            case "cluster_maintaining" ->
                Map.of(
                        "instance_migrations_count",
                        count + displaced.by(Way.COLD).size(),
                        "instances_left_count",
                        (double) left(
                                question.parameters().path("maintenance_node").asText()));
            case "hardware_maintenance" -> {
                Set<String> hosts = EmptiedHosts.of(question.strategy(), question.parameters())
                        .names();
                double running = hosts.stream()
                        .mapToInt(host -> before.vmsOn(host).size())
                        .sum();
                double stopped = hosts.stream()
                        .flatMap(host -> before.rules().idleOn(host).stream())
                        .filter(server -> "SHUTOFF".equals(server.status()))
                        .count();
                double cold = displaced.by(Way.COLD).size();
                yield Map.of(
                        "live_migrate_instance_count",
                        running,
                        "planned_live_migrate_instance_count",
                        count,
                        "cold_migrate_instance_count",
                        stopped,
                        "planned_cold_migrate_instance_count",
                        cold,
                        "live_instance_migrate_ratio",
                        percent(count, (int) running),
                        "cold_instance_migrate_ratio",
                        percent(cold, (int) stopped));
            }
            default -> {
                double released = empty(after) - empty(before);
                yield Map.of(
                        "compute_nodes_count",
                        (double) before.hosts().size(),
                        "released_compute_nodes_count",
                        released,
                        "instance_migrations_count",
                        count,
                        "released_nodes_ratio",
                        percent(released, before.hosts().size()));
            }
        };
    }

    private long left(String host) {
        Set<String> cold = displaced.by(Way.COLD);
        return after.vmsOn(host).stream()
                .filter(vm -> !cold.contains(vm.name()))
                .count();
    }

    private long hot(ClusterModel cluster) {
        return cluster.hosts().stream()
                .map(ClusterHost::load)
                .filter(load -> load.cpu() > rule.cpuThreshold() || load.memory() > rule.memoryThreshold())
                .count();
    }

    private static double empty(ClusterModel cluster) {
        return ConsolidationStrategy.emptyHosts(cluster).size();
    }

    private static double deviation(ClusterModel cluster) {
        double[] loads =
                cluster.hosts().stream().mapToDouble(host -> host.load().cpu()).toArray();
        return new StandardDeviation(false).evaluate(loads);
    }

    private static double percent(double part, int whole) {
        return whole == 0 ? 0 : 100 * part / whole;
    }
}
