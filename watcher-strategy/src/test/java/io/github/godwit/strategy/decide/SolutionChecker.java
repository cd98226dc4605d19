package io.github.godwit.strategy.decide;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import java.util.ArrayList;
import java.util.List;

/** Checks a solution of the hotspot strategy: the conditions for all moves, and the verdict on hot hosts. */
final class SolutionChecker {

    private final HotspotRule rule;
    private final ClusterModel cluster;
    private final List<String> faults = new ArrayList<>();

    SolutionChecker(HotspotRule rule, ClusterHistory history) {
        this.rule = rule;
        this.cluster = history.sustained(rule);
    }

    /** Returns the faults of a solution; none if it is correct. */
    List<String> faults(Solution solution, int maxMoves) {
        require(solution.moves().size() <= maxMoves, "more moves than allowed");
        require(!solution.verdict().isBlank(), "no verdict");
        faults.addAll(MoveContract.faults(cluster, solution.moves(), rule.cpuThreshold(), rule.memoryThreshold()));
        for (Move move : solution.moves()) {
            require(hot(cpu(move.from(), 0), memory(move.from(), 0)), move.from() + " was not hot");
        }
        boolean stillHot = false;
        for (ClusterHost host : cluster.hosts()) {
            List<VmStatus> out = solution.moves().stream()
                    .filter(move -> move.from().equals(host.name()))
                    .map(move -> cluster.vm(move.vm()))
                    .toList();
            boolean hot = hot(cpu(host.name(), -cores(out)), memory(host.name(), -resident(out)));
            stillHot |= hot;
            require(
                    !hot || solution.verdict().contains(host.name()),
                    host.name() + " stays hot, but the verdict does not name it");
        }
        require(solution.solved() == !stillHot, "solved is " + solution.solved());
        return faults;
    }

    private boolean hot(double cpu, double memory) {
        return cpu > rule.cpuThreshold() || memory > rule.memoryThreshold();
    }

    private double cpu(String host, double moreCores) {
        return cluster.host(host).profile().cpuLoad()
                + moreCores / cluster.host(host).profile().cores();
    }

    private double memory(String host, double moreBytes) {
        return cluster.host(host).profile().memoryLoad()
                + moreBytes / cluster.host(host).profile().memory().bytes();
    }

    private static double cores(List<VmStatus> vms) {
        return vms.stream().mapToDouble(VmStatus::vcpuUse).sum();
    }

    private static double resident(List<VmStatus> vms) {
        return vms.stream().mapToDouble(vm -> vm.residentMemory().bytes()).sum();
    }

    private void require(boolean holds, String fault) {
        if (!holds) {
            faults.add(fault);
        }
    }
}
