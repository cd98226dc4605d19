package io.github.godwit.strategy.decide;

import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Empties several hosts, as Watcher's zone migration does with servers: each as {@link MaintenanceStrategy} does, onto its own destination or
 * onto hosts that are not emptied themselves. The hosts are emptied in the given order on what the moves before leave.
 */
public final class ZoneMigrationStrategy implements Strategy {

    private final Map<String, DestinationPolicy> sources;

    /**
     * @param sources the destination policy of each host to be emptied, by its name, in the order in which they are
     */
    public ZoneMigrationStrategy(Map<String, DestinationPolicy> sources) {
        this.sources = new LinkedHashMap<>(sources);
    }

    @Override
    public String name() {
        return "zone_migration";
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a host is not in the cluster
     */
    @Override
    public Solution solve(ClusterHistory history) {
        ClusterModel cluster = history.latest();
        Set<String> closed = new HashSet<>(cluster.rules().closed());
        closed.addAll(sources.keySet());
        cluster = cluster.withRules(cluster.rules().withClosed(closed));
        List<Move> moves = new ArrayList<>();
        List<String> verdicts = new ArrayList<>();
        boolean solved = true;
        for (Map.Entry<String, DestinationPolicy> source : sources.entrySet()) {
            Solution one = new MaintenanceStrategy(source.getKey(), source.getValue())
                    .solve(new ClusterHistory(List.of(cluster)));
            for (Move move : one.moves()) {
                moves.add(
                        sources.size() == 1
                                ? move
                                : move.or(List.of())); // others are safe for the moves of one host only
                cluster = cluster.withMove(move.vm(), move.to());
            }
            verdicts.add(one.verdict());
            solved &= one.solved();
        }
        return new Solution(moves, String.join(" ", verdicts), solved);
    }
}
