package io.github.godwit.strategy.decide;

import io.github.godwit.model.HotspotRule;
import io.github.godwit.model.api.VmStatus;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks any solution against the contract of {@link Strategy}, by sums of its own. What leaves a host is never counted as
 * freed on a destination, so that a plan which passes is safe when any of its moves fail.
 */
final class SolutionChecker {

    private static final double ROUNDING = 1e-9;

    private final HotspotRule rule;
    private final ClusterModel cluster;
    private final List<String> faults = new ArrayList<>();

    SolutionChecker(HotspotRule rule, ClusterHistory history) {
        this.rule = rule;
        this.cluster = history.sustained(rule);
    }

    /** What is wrong with a solution; nothing when it is sound. */
    List<String> faults(Solution solution, int maxMoves) {
        require(solution.moves().size() <= maxMoves, "more moves than allowed");
        require(!solution.verdict().isBlank(), "no verdict");
        Set<String> moved = new HashSet<>();
        for (Move move : solution.moves()) {
            VmStatus vm = cluster.vm(move.vm());
            require(moved.add(move.vm()), move.vm() + " moves twice");
            require(vm.host().equals(move.from()), move.vm() + " is not on " + move.from());
            require(!move.from().equals(move.to()), move.vm() + " moves to its own host");
            require("running".equals(vm.state()) && vm.migration() == null, move.vm() + " is not free to move");
            require(hot(cpu(move.from(), 0), memory(move.from(), 0)), move.from() + " was not hot");
            require(!move.reason().isBlank(), move.vm() + " moves without a reason");
        }
        boolean stillHot = false;
        for (ClusterHost host : cluster.hosts()) {
            List<VmStatus> in = vms(solution, host.name(), true);
            List<VmStatus> out = vms(solution, host.name(), false);
            if (!in.isEmpty()) {
                requireSafe(host, in);
            }
            boolean hot = hot(cpu(host.name(), -cores(out)), memory(host.name(), -resident(out)));
            stillHot |= hot;
            require(!hot || solution.verdict().contains(host.name()), host.name() + " stays hot and nobody says so");
        }
        require(solution.solved() == !stillHot, "solved is " + solution.solved());
        return faults;
    }

    private void requireSafe(ClusterHost host, List<VmStatus> in) {
        require(
                !hot(cpu(host.name(), cores(in)) - ROUNDING, memory(host.name(), resident(in)) - ROUNDING),
                host.name() + " is made hot");
        long promised = cluster.promisedMemory(host.name()).bytes()
                + in.stream().mapToLong(vm -> ClusterModel.promised(vm).bytes()).sum();
        require(promised <= host.profile().memory().bytes(), host.name() + " is overcommitted");
    }

    private List<VmStatus> vms(Solution solution, String host, boolean arriving) {
        return solution.moves().stream()
                .filter(move -> (arriving ? move.to() : move.from()).equals(host))
                .map(move -> cluster.vm(move.vm()))
                .toList();
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
