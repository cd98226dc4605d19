package io.github.godwit.strategy.decide;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.PlacementRoom;
import io.github.godwit.strategy.cluster.PlacementRoom.Need;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks the conditions for the moves of every strategy with its own calculation. Capacity that a VM leaves on its source does not
 * count as released, so a plan that passes is safe if any of its moves fail.
 */
final class MoveContract {

    private static final double ROUNDING = 1e-9;

    private MoveContract() {}

    /** Returns the faults of moves in a cluster where no destination may exceed a CPU or memory load. */
    static List<String> faults(ClusterModel cluster, List<Move> moves, double mostCpu, double mostMemory) {
        List<String> faults = new ArrayList<>();
        Set<String> moved = new HashSet<>();
        for (Move move : moves) {
            VmStatus vm = cluster.vm(move.vm());
            require(faults, moved.add(move.vm()), move.vm() + " moves twice");
            require(faults, vm.host().equals(move.from()), move.vm() + " is not on " + move.from());
            require(faults, cluster.movable(vm), move.vm() + " is not free to move");
            require(faults, !cluster.rules().closed().contains(move.to()), move.to() + " takes nothing");
            require(faults, !move.reason().isBlank(), move.vm() + " moves without a reason");
        }
        for (ClusterHost host : cluster.hosts()) {
            List<VmStatus> in = moves.stream()
                    .filter(move -> move.to().equals(host.name()))
                    .map(move -> cluster.vm(move.vm()))
                    .toList();
            if (!in.isEmpty()) {
                double cpu = host.profile().cpuLoad()
                        + in.stream().mapToDouble(VmStatus::vcpuUse).sum()
                                / host.profile().cores();
                double bytes = host.profile().memory().bytes();
                double memory = host.profile().memoryLoad()
                        + in.stream()
                                        .mapToDouble(vm -> vm.residentMemory().bytes())
                                        .sum()
                                / bytes;
                double promised = cluster.promisedMemory(host.name()).bytes()
                        + in.stream()
                                .mapToDouble(vm -> ClusterModel.promised(vm).bytes())
                                .sum();
                require(faults, cpu <= mostCpu + ROUNDING, host.name() + " comes to a CPU load of " + cpu);
                require(faults, memory <= mostMemory + ROUNDING, host.name() + " comes to a memory load of " + memory);
                require(faults, promised <= bytes, host.name() + " is overcommitted");
            }
            requireApart(faults, cluster, moves, host.name());
            requireRoom(faults, cluster.rules().room(), in, host.name());
        }
        return faults;
    }

    /** Nova keeps the allocation of a VM on its source until it has left. */
    private static void requireRoom(List<String> faults, PlacementRoom room, List<VmStatus> in, String host) {
        room.hosts().getOrDefault(host, Map.of()).forEach((resource, left) -> {
            List<Need> needs = in.stream()
                    .map(vm -> room.needs().getOrDefault(vm.name(), Map.of()).getOrDefault(resource, Need.of(0)))
                    .toList();
            long sum = needs.stream().mapToLong(Need::total).sum();
            require(faults, sum == 0 || sum <= left.free(), "%s has no %d %s".formatted(host, sum, resource));
            require(
                    faults,
                    needs.stream().allMatch(need -> need.largest() <= left.largest()),
                    "%s gives nobody %s %s".formatted(host, needs, resource));
        });
    }

    /** During the moves, a VM of a group may be on either of its hosts. */
    private static void requireApart(List<String> faults, ClusterModel cluster, List<Move> moves, String host) {
        for (Set<String> group : cluster.rules().apart()) {
            List<String> there = new ArrayList<>();
            cluster.vmsOn(host).stream()
                    .map(VmStatus::name)
                    .filter(group::contains)
                    .forEach(there::add);
            List<String> coming = moves.stream()
                    .filter(move -> move.to().equals(host) && group.contains(move.vm()))
                    .map(Move::vm)
                    .toList();
            require(
                    faults,
                    coming.isEmpty() || there.size() + coming.size() <= 1,
                    "%s and %s would be together on %s".formatted(there, coming, host));
        }
    }

    private static void require(List<String> faults, boolean holds, String fault) {
        if (!holds) {
            faults.add(fault);
        }
    }
}
