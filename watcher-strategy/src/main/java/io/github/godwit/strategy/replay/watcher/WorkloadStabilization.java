package io.github.godwit.strategy.replay.watcher;

import io.github.godwit.strategy.replay.watcher.WatcherSnapshot.Host;
import io.github.godwit.strategy.replay.watcher.WatcherSnapshot.Transfer;
import io.github.godwit.strategy.replay.watcher.WatcherSnapshot.Vm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * Watcher's strategy {@code workload_stabilization} with its default parameters: if the standard deviation of the hosts' CPU load exceeds
 * 0.1, one host is drawn for each VM, and the VMs whose move there lowers the deviation are moved, the best first, until it is below
 * (watcher/decision_engine/strategy/strategies/workload_stabilization.py of OpenStack Watcher).
 */
public final class WorkloadStabilization {

    private static final double THRESHOLD = 0.1;
    private static final double PERCENT = 100;

    /** The first move that is made may have any deviation below this. */
    private static final double HIGHEST_DEVIATION = 1;

    private final WatcherSnapshot snapshot;
    private final Map<String, Host> hosts = new LinkedHashMap<>();

    private record Case(Vm vm, String from, String to, double deviation) {}

    private WorkloadStabilization(WatcherSnapshot snapshot) {
        this.snapshot = snapshot;
        snapshot.hosts().stream().filter(Host::enabled).forEach(host -> hosts.put(host.name(), host));
    }

    /**
     * Returns the migrations that the strategy wants, in order.
     *
     * @param draw returns a number from 0 to below its argument: which of the other hosts is tried for the next VM
     */
    public static List<Transfer> moves(WatcherSnapshot snapshot, IntUnaryOperator draw) {
        return new WorkloadStabilization(snapshot).moves(draw);
    }

    private List<Transfer> moves(IntUnaryOperator draw) {
        Map<String, Double> loads = loads();
        double deviation = deviation(loads);
        if (deviation <= THRESHOLD) {
            return List.of();
        }
        List<Transfer> moves = new ArrayList<>();
        double least = HIGHEST_DEVIATION;
        for (Case each : cases(loads, deviation, draw)) {
            Map<String, Double> after = after(loads, each.vm(), each.from(), each.to());
            double now = deviation(after);
            if (now < least) {
                least = now;
                loads = after;
                moves.add(new Transfer(each.vm().name(), each.from(), each.to()));
            }
            if (now < THRESHOLD) {
                break;
            }
        }
        return moves;
    }

    private Map<String, Double> loads() {
        Map<String, Double> loads = new LinkedHashMap<>();
        hosts.forEach((name, host) -> loads.put(name, host.cpuPercent() / PERCENT));
        return loads;
    }

    private List<Case> cases(Map<String, Double> loads, double deviation, IntUnaryOperator draw) {
        Map<String, Set<Vm>> placement = snapshot.placement();
        List<String> names = hosts.keySet().stream().sorted().toList();
        List<Case> cases = new ArrayList<>();
        for (String from : names) {
            List<String> others =
                    names.stream().filter(name -> !name.equals(from)).toList();
            for (Vm vm : placement.get(from)) {
                if (others.isEmpty()) {
                    continue;
                }
                String to = others.get(draw.applyAsInt(others.size()));
                double then = deviation(after(loads, vm, from, to));
                if (then < deviation) {
                    cases.add(new Case(vm, from, to, then));
                }
            }
        }
        cases.sort(Comparator.comparingDouble(Case::deviation));
        return cases;
    }

    private Map<String, Double> after(Map<String, Double> loads, Vm vm, String from, String to) {
        Map<String, Double> after = new LinkedHashMap<>(loads);
        after.put(from, after.get(from) - share(vm, from));
        after.put(to, after.get(to) + share(vm, to));
        return after;
    }

    private double share(Vm vm, String host) {
        return vm.cpuPercent()
                / PERCENT
                * (vm.vcpus() / (double) hosts.get(host).vcpus());
    }

    private static double deviation(Map<String, Double> loads) {
        double mean = 0;
        for (double load : loads.values()) {
            mean += load;
        }
        mean /= loads.size();
        double variation = 0;
        for (double load : loads.values()) {
            variation += (load - mean) * (load - mean);
        }
        return Math.sqrt(variation / loads.size());
    }
}
