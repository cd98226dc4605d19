package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.VmStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Combines the answers of the host drivers into one snapshot. Contradictory and incomplete answers become omissions. */
final class ClusterMerge {

    private final Map<String, ClusterHost> hosts = new LinkedHashMap<>();
    private final Map<String, List<VmStatus>> vmsByName = new LinkedHashMap<>();
    private final List<Omission> omissions = new ArrayList<>();

    /** Adds a host with its VMs. */
    void add(ClusterHost host, List<VmStatus> vms) {
        ClusterHost first = hosts.putIfAbsent(host.name(), host);
        if (first != null) {
            omit(host.url(), "It reports the host name '%s', as does %s.".formatted(host.name(), first.url()));
            return;
        }
        for (VmStatus vm : vms) {
            if (vm.name() == null || vm.residentMemory() == null || vm.traffic() == null || !(vm.vcpuUse() >= 0)) {
                omit(
                        "VM '%s' on %s".formatted(vm.name(), host.name()),
                        "Its host driver reports no name, CPU use, resident memory or traffic.");
            } else {
                vmsByName.computeIfAbsent(vm.name(), name -> new ArrayList<>()).add(vm.on(host.name()));
            }
        }
    }

    /** Records an omission. */
    void omit(Object what, String reason) {
        omissions.add(new Omission(what.toString(), reason));
    }

    /** Returns the snapshot. */
    ClusterModel merged() {
        List<VmStatus> vms = new ArrayList<>();
        vmsByName.forEach((name, found) -> {
            List<VmStatus> running =
                    found.stream().filter(vm -> "running".equals(vm.state())).toList();
            if (found.size() == 1) {
                vms.add(found.get(0));
            } else if (running.size() == 1) {
                // the others are left over from a migration, or prepared for one
                vms.add(running.get(0));
            } else {
                omit(
                        "VM '%s'".formatted(name),
                        "It is on several hosts: %s."
                                .formatted(String.join(
                                        ", ", found.stream().map(VmStatus::host).toList())));
            }
        });
        return new ClusterModel(List.copyOf(hosts.values()), vms, omissions);
    }
}
