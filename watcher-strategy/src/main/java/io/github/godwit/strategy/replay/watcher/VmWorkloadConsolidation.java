package io.github.godwit.strategy.replay.watcher;

import io.github.godwit.strategy.replay.watcher.WatcherSnapshot.Host;
import io.github.godwit.strategy.replay.watcher.WatcherSnapshot.Transfer;
import io.github.godwit.strategy.replay.watcher.WatcherSnapshot.Vm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Watcher's strategy {@code vm_workload_consolidation} with its default parameters: hosts over their capacity are offloaded, the least busy
 * VMs first; then hosts are emptied, the least busy hosts and the busiest VMs first, onto the busiest host that has room by the mean use
 * of an hour. Several moves of a VM become one. Hosts without VMs are disabled, and a disabled host that takes a VM is enabled
 * (watcher/decision_engine/strategy/strategies/vm_workload_consolidation.py of OpenStack Watcher).
 */
public final class VmWorkloadConsolidation {

    private static final double PERCENT = 100;

    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Map<String, Set<Vm>> placement;
    private final List<Transfer> steps = new ArrayList<>();

    /**
     * What the strategy wants.
     *
     * @param moves    the migrations; the order of those that replace several ones is arbitrary in Watcher
     * @param enabled  names of the hosts that are enabled
     * @param disabled names of the hosts that are disabled
     */
    public record Wanted(List<Transfer> moves, Set<String> enabled, Set<String> disabled) {}

    private VmWorkloadConsolidation(WatcherSnapshot snapshot) {
        snapshot.hosts().forEach(host -> hosts.put(host.name(), host));
        this.placement = snapshot.placement();
    }

    /** Returns what the strategy wants. */
    public static Wanted wanted(WatcherSnapshot snapshot) {
        VmWorkloadConsolidation rule = new VmWorkloadConsolidation(snapshot);
        rule.offload();
        rule.consolidate();
        List<Transfer> moves = rule.optimized();
        Set<String> enabled = new TreeSet<>();
        rule.steps.stream()
                .map(Transfer::to)
                .filter(to -> !rule.hosts.get(to).enabled())
                .forEach(enabled::add);
        Set<String> disabled = new TreeSet<>();
        rule.hosts.values().stream()
                .filter(host ->
                        host.enabled() && rule.placement.get(host.name()).isEmpty())
                .map(Host::name)
                .forEach(disabled::add);
        return new Wanted(moves, enabled, disabled);
    }

    private void offload() {
        List<Host> busiestFirst = busiestFirst();
        for (Host host : busiestFirst) {
            if (!overloaded(host)) {
                continue;
            }
            for (Vm vm : leastBusyFirst(host)) {
                for (Host to : busiestFirst) {
                    if (fits(vm, to)) {
                        move(vm, host, to);
                        break;
                    }
                }
                if (!overloaded(host)) {
                    break;
                }
            }
        }
    }

    private void consolidate() {
        List<Host> busiestFirst = busiestFirst();
        int last = busiestFirst.size() - 1;
        for (int place = last; place >= 0; place--) {
            Host host = busiestFirst.get(place);
            List<Vm> vms = new ArrayList<>(leastBusyFirst(host));
            Collections.reverse(vms);
            for (Vm vm : vms) {
                for (int busier = 0; busier < place; busier++) {
                    if (fits(vm, busiestFirst.get(busier))) {
                        move(vm, host, busiestFirst.get(busier));
                        break;
                    }
                }
            }
        }
    }

    /** Hosts of the same load are in the reverse order of their names. */
    private List<Host> busiestFirst() {
        List<Host> sorted = new ArrayList<>(hosts.values());
        sorted.sort(Comparator.comparingDouble(this::cpu));
        Collections.reverse(sorted);
        return sorted;
    }

    private List<Vm> leastBusyFirst(Host host) {
        return placement.get(host.name()).stream()
                .sorted(Comparator.comparingDouble(VmWorkloadConsolidation::cpu))
                .toList();
    }

    private boolean overloaded(Host host) {
        return cpu(host) > host.vcpus();
    }

    private boolean fits(Vm vm, Host to) {
        return cpu(vm) + cpu(to) <= to.vcpus() && memory(vm) + memory(to) <= to.memoryMib();
    }

    private double cpu(Host host) {
        double sum = 0;
        for (Vm vm : placement.get(host.name())) {
            sum += cpu(vm);
        }
        return sum;
    }

    private double memory(Host host) {
        double sum = 0;
        for (Vm vm : placement.get(host.name())) {
            sum += memory(vm);
        }
        return sum;
    }

    /** Returns the cores that a VM uses. Watcher takes a mean of exactly zero for a missing value, and then counts all of its cores. */
    private static double cpu(Vm vm) {
        return vm.hourCpuPercent() == 0 ? vm.vcpus() : vm.vcpus() * (vm.hourCpuPercent() / PERCENT);
    }

    private static double memory(Vm vm) {
        return vm.hourMemoryMib() == 0 ? vm.memoryMib() : vm.hourMemoryMib();
    }

    private void move(Vm vm, Host from, Host to) {
        if (from.name().equals(to.name())) {
            return;
        }
        placement.get(from.name()).remove(vm);
        placement.get(to.name()).add(vm);
        steps.add(new Transfer(vm.name(), from.name(), to.name()));
    }

    private List<Transfer> optimized() {
        Map<String, Transfer> moves = new LinkedHashMap<>();
        for (Transfer step : steps) {
            moves.merge(step.vm(), step, (first, then) -> new Transfer(step.vm(), first.from(), then.to()));
        }
        return moves.values().stream()
                .filter(move -> !move.from().equals(move.to()))
                .toList();
    }
}
