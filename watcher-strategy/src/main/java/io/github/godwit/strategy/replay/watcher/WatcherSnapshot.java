package io.github.godwit.strategy.replay.watcher;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Watcher's strategies read: its model of the cluster, and the figures of its data source.
 *
 * @param hosts hosts that are up, sorted by name
 * @param vms   VMs, which are all active
 */
public record WatcherSnapshot(List<Host> hosts, List<Vm> vms) {

    /**
     * A host.
     *
     * @param name       its name
     * @param vcpus      its cores; its allocation ratio is 1
     * @param memoryMib  its memory, in MiB; likewise
     * @param enabled    whether Nova places VMs there
     * @param cpuPercent mean load over 600 s, in percent of its cores
     */
    public record Host(String name, int vcpus, double memoryMib, boolean enabled, double cpuPercent) {}

    /**
     * A VM.
     *
     * @param name           its name
     * @param host           name of its host
     * @param vcpus          its virtual CPUs
     * @param memoryMib      its memory, in MiB
     * @param cpuPercent     mean use over 720 s, in percent of its virtual CPUs
     * @param hourCpuPercent mean use over 3600 s, likewise
     * @param hourMemoryMib  mean resident memory over 3600 s, in MiB
     */
    public record Vm(
            String name,
            String host,
            int vcpus,
            double memoryMib,
            double cpuPercent,
            double hourCpuPercent,
            double hourMemoryMib) {}

    /**
     * A migration that a strategy wants.
     *
     * @param vm   name of the VM
     * @param from name of the source
     * @param to   name of the destination
     */
    public record Transfer(String vm, String from, String to) {}

    /** Copies the lists. */
    public WatcherSnapshot {
        hosts = List.copyOf(hosts);
        vms = List.copyOf(vms);
    }

    /**
     * The VMs on each host, in the order of Watcher's model: as they are listed, and those that come at the end. The map and the sets can be
     * changed.
     */
    Map<String, Set<Vm>> placement() {
        Map<String, Set<Vm>> placement = new LinkedHashMap<>();
        hosts.forEach(host -> placement.put(host.name(), new LinkedHashSet<>()));
        vms.forEach(vm -> placement.get(vm.host()).add(vm));
        return placement;
    }
}
