package io.github.godwit.strategy.decide;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Empties a host for maintenance ([FGCS 2025], section 6.3). The largest VMs go first, each to the first host in the order of the
 * destination policy that does not become hot, or otherwise to the first host that has enough memory and CPU: emptying the host is
 * more important than avoiding a hotspot.
 */
public final class MaintenanceStrategy implements Strategy {

    private static final HotspotRule FULL = new HotspotRule(1, 1, 1, 1, Duration.ZERO);

    private final String host;
    private final DestinationPolicy destinations;
    private final DestinationCheck cool = new DestinationCheck(HotspotRule.DEFAULT);
    private final DestinationCheck possible = new DestinationCheck(FULL);

    /**
     * @param host         name of the host to be emptied
     * @param destinations the destination policy
     */
    public MaintenanceStrategy(String host, DestinationPolicy destinations) {
        this.host = host;
        this.destinations = destinations;
    }

    @Override
    public String name() {
        return "maintenance";
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the host is not in the cluster
     */
    @Override
    public Solution solve(ClusterHistory history) {
        ClusterModel cluster = history.latest();
        ClusterHost source = cluster.host(host);
        List<VmStatus> vms = cluster.vmsOn(host).stream()
                .sorted(Comparator.<VmStatus>comparingLong(
                                vm -> ClusterModel.promised(vm).bytes())
                        .reversed()
                        .thenComparing(VmStatus::name))
                .toList();
        List<Move> moves = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (VmStatus vm : vms) {
            Optional<String> obstacle = cluster.immovableBecause(vm);
            if (obstacle.isPresent()) {
                left.add("%s stays: it is %s".formatted(vm.name(), obstacle.get()));
                continue;
            }
            Optional<Move> move = move(cluster, source, vm, moves.size());
            if (move.isEmpty()) {
                left.add("%s stays: no host can take it (%s)"
                        .formatted(
                                vm.name(), possible.obstacles(cluster, vm, preferred(cluster, source, moves.size()))));
                continue;
            }
            moves.add(move.get());
            cluster = cluster.withMove(vm.name(), move.get().to());
        }
        List<IdleServer> idle = cluster.rules().idleOn(host);
        idle.forEach(server -> left.add("Server " + server.describe() + " and stays"));
        return new Solution(
                withSpares(history.latest(), moves),
                verdict(vms.size() + idle.size(), moves.size(), left),
                left.isEmpty());
    }

    private List<Move> withSpares(ClusterModel before, List<Move> moves) {
        if (!destinations.open()) {
            return moves;
        }
        List<String> others = preferred(before, before.host(host), moves.size()).stream()
                .map(ClusterHost::name)
                .toList();
        return new SpareDestinations(cool, before, others).addedTo(moves);
    }

    private List<ClusterHost> preferred(ClusterModel cluster, ClusterHost source, int number) {
        return destinations.preference(
                cluster.hosts().stream()
                        .filter(other -> !other.name().equals(source.name()))
                        .toList(),
                number);
    }

    private Optional<Move> move(ClusterModel cluster, ClusterHost source, VmStatus vm, int number) {
        List<ClusterHost> preferred = preferred(cluster, source, number);
        for (DestinationCheck check : List.of(cool, possible)) {
            for (ClusterHost to : preferred) {
                if (check.obstacle(cluster, vm, to).isEmpty()) {
                    String warning = check == cool
                            ? ""
                            : " Its load exceeds %.0f %%.".formatted(100 * HotspotRule.DEFAULT.cpuThreshold());
                    return Optional.of(new Move(
                            vm.name(),
                            source.name(),
                            to.name(),
                            "%s is emptied for maintenance; %s is %s.%s"
                                    .formatted(source.name(), to.name(), destinations.describe(), warning)));
                }
            }
        }
        return Optional.empty();
    }

    private String verdict(int vms, int moved, List<String> left) {
        if (vms == 0) {
            return "%s is empty already.".formatted(host);
        }
        String first = left.isEmpty()
                ? (vms == 1 ? "The only VM leaves %s.".formatted(host) : "All %d VMs leave %s.".formatted(vms, host))
                : "%d of %d VMs leave %s.".formatted(moved, vms, host);
        return left.isEmpty() ? first : first + " " + String.join(". ", left) + ".";
    }
}
