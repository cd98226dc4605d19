package io.github.godwit.strategy.decide;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.model.hotspot.SandpiperVolume;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Consolidates VMs on fewer hosts by modified first-fit decreasing ([FGCS 2025], section 5.1.2). The modifications: a host is emptied
 * completely or not at all, and hosts with the fewest VMs are emptied first, which keeps the number of migrations small. A VM goes to
 * the fullest host that can take it without becoming hot. Hosts that are empty or being emptied receive no VMs.
 *
 * <p>What rests because of earlier moves ({@link Rests}) is left alone, and the verdict names it.
 *
 * <p>A host that receives VMs is not emptied later. Therefore each VM moves at most once, and no move depends on another.
 */
public final class ConsolidationStrategy implements Strategy {

    private static final int MAX_OBSTACLES = 5;

    private final HotspotRule rule;
    private final DestinationCheck check;
    private final int maxMoves;
    private final Rests rests;

    /** Creates a strategy for a cluster in which nothing rests, which fills hosts up to the thresholds. */
    public ConsolidationStrategy(HotspotRule rule, int maxMoves) {
        this(rule, maxMoves, 0, Rests.NONE);
    }

    /**
     * @param rule     thresholds that no destination may exceed, and the number of samples
     * @param maxMoves maximum number of moves in a solution, at least 1
     * @param headroom share of its cores that every destination keeps below the threshold
     * @param rests    what is left alone because of earlier moves
     * @throws IllegalArgumentException if {@code maxMoves} is below 1
     */
    public ConsolidationStrategy(HotspotRule rule, int maxMoves, double headroom, Rests rests) {
        if (maxMoves < 1) {
            throw new IllegalArgumentException(
                    "The maximum number of moves (%d) must be at least 1.".formatted(maxMoves));
        }
        this.rule = rule;
        this.check = new DestinationCheck(rule, headroom, rests);
        this.rests = rests;
        this.maxMoves = maxMoves;
    }

    @Override
    public String name() {
        return "consolidation";
    }

    /** Returns the names of the hosts without VMs, and without servers that are stopped or broken there. */
    public static List<String> emptyHosts(ClusterModel cluster) {
        return cluster.hosts().stream()
                .map(ClusterHost::name)
                .filter(cluster::isEmpty)
                .toList();
    }

    private record Packing(List<Move> moves, ClusterModel after) {}

    @Override
    public Solution solve(ClusterHistory history) {
        ClusterModel before = history.sustained(rule);
        Set<String> closed = new HashSet<>(emptyHosts(before));
        Set<String> receiving = new HashSet<>();
        List<String> released = new ArrayList<>();
        List<String> obstacles = new ArrayList<>();
        List<Move> moves = new ArrayList<>();
        ClusterModel cluster = before;
        for (ClusterHost host : fewestVmsFirst(before, closed)) {
            if (receiving.contains(host.name())) {
                continue;
            }
            List<String> reasons = new ArrayList<>();
            Optional<Packing> packing = emptied(cluster, host, closed, maxMoves - moves.size(), reasons);
            if (packing.isEmpty()) {
                obstacles.add("%s stays in use: %s".formatted(host.name(), reasons.get(0)));
                continue;
            }
            moves.addAll(packing.get().moves());
            packing.get().moves().forEach(move -> receiving.add(move.to()));
            cluster = packing.get().after();
            closed.add(host.name());
            released.add(host.name());
        }
        List<String> inUse = fullestFirst(before, closed);
        return new Solution(
                new SpareDestinations(check, before, inUse).addedTo(moves), verdict(before, released, obstacles), true);
    }

    private static List<ClusterHost> fewestVmsFirst(ClusterModel cluster, Set<String> closed) {
        return cluster.hosts().stream()
                .filter(host -> !closed.contains(host.name()))
                .sorted(Comparator.<ClusterHost>comparingInt(
                                host -> cluster.vmsOn(host.name()).size())
                        .thenComparing(ClusterHost::volume)
                        .thenComparing(ClusterHost::name))
                .toList();
    }

    /** Returns moves of all VMs of a host to other hosts; or nothing, and adds the reason to {@code reasons}. */
    private Optional<Packing> emptied(
            ClusterModel start, ClusterHost host, Set<String> closed, int movesLeft, List<String> reasons) {
        Optional<String> resting = rests.keepsVms(host.name());
        if (resting.isPresent()) {
            reasons.add("it %s".formatted(resting.get()));
            return Optional.empty();
        }
        List<IdleServer> idle = start.rules().idleOn(host.name());
        if (!idle.isEmpty()) {
            reasons.add("server %s%s"
                    .formatted(
                            idle.get(0).describe(),
                            idle.size() == 1 ? "" : ", and %d more have no running VM".formatted(idle.size() - 1)));
            return Optional.empty();
        }
        List<VmStatus> vms = start.vmsOn(host.name()).stream()
                .sorted(Comparator.<VmStatus>comparingDouble(
                                vm -> Math.max(ClusterModel.cpuShare(vm, host), ClusterModel.memoryShare(vm, host)))
                        .reversed()
                        .thenComparing(VmStatus::name))
                .toList();
        if (vms.size() > movesLeft) {
            reasons.add("its %d VMs exceed the remaining number of moves (%d)".formatted(vms.size(), movesLeft));
            return Optional.empty();
        }
        List<String> fullestFirst = fullestFirst(start, closed).stream()
                .filter(other -> !other.equals(host.name()))
                .toList();
        ClusterModel cluster = start;
        List<Move> moves = new ArrayList<>();
        for (VmStatus vm : vms) {
            Optional<String> obstacle = cluster.immovableBecause(vm);
            if (obstacle.isPresent()) {
                reasons.add("%s cannot be migrated, it is %s".formatted(vm.name(), obstacle.get()));
                return Optional.empty();
            }
            Optional<String> left = rests.ofVm(vm.name());
            if (left.isPresent()) {
                reasons.add("%s %s".formatted(vm.name(), left.get()));
                return Optional.empty();
            }
            Optional<ClusterHost> to = firstFit(cluster, vm, fullestFirst);
            if (to.isEmpty()) {
                reasons.add("no other host in use can take %s (%s)"
                        .formatted(
                                vm.name(),
                                check.obstacles(
                                        cluster,
                                        vm,
                                        fullestFirst.stream().map(cluster::host).toList())));
                return Optional.empty();
            }
            moves.add(new Move(
                    vm.name(),
                    host.name(),
                    to.get().name(),
                    "%s is emptied; %s is the fullest host that can take %s without becoming hot."
                            .formatted(host.name(), to.get().name(), vm.name())));
            cluster = cluster.withMove(vm.name(), to.get().name());
        }
        return Optional.of(new Packing(moves, cluster));
    }

    /** Returns the names of the hosts that may receive VMs, the fullest first. */
    private static List<String> fullestFirst(ClusterModel cluster, Set<String> closed) {
        Map<String, SandpiperVolume> volumes = new HashMap<>();
        for (ClusterHost host : cluster.hosts()) {
            if (!closed.contains(host.name())) {
                volumes.put(host.name(), host.volume());
            }
        }
        return volumes.keySet().stream()
                .sorted(Comparator.<String, SandpiperVolume>comparing(volumes::get)
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private Optional<ClusterHost> firstFit(ClusterModel cluster, VmStatus vm, List<String> fullestFirst) {
        return fullestFirst.stream()
                .map(cluster::host)
                .filter(host -> check.obstacle(cluster, vm, host).isEmpty())
                .findFirst();
    }

    private String verdict(ClusterModel before, List<String> released, List<String> obstacles) {
        List<String> sentences = new ArrayList<>();
        if (released.isEmpty()) {
            int inUse = before.hosts().size() - emptyHosts(before).size();
            sentences.add(
                    rests.equals(Rests.NONE)
                            ? "No host can be emptied: the VMs do not fit on fewer than the %d hosts in use."
                                    .formatted(inUse)
                            : "No host can be emptied now; %d are in use.".formatted(inUse));
        } else {
            sentences.add("%s %s empty and can be switched off."
                    .formatted(String.join(", ", released), released.size() == 1 ? "becomes" : "become"));
        }
        int shown = Math.min(obstacles.size(), MAX_OBSTACLES);
        obstacles.subList(0, shown).forEach(obstacle -> sentences.add(obstacle + "."));
        if (shown < obstacles.size()) {
            sentences.add("%d more hosts stay in use.".formatted(obstacles.size() - shown));
        }
        return String.join(" ", sentences);
    }
}
