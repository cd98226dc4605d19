package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.MemorySize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** An immutable snapshot of the cluster, on which a decision is based. Hosts and VMs are looked up by name in constant time. */
public final class ClusterModel {

    private final List<ClusterHost> hosts;
    private final List<VmStatus> vms;
    private final List<Omission> omissions;
    private final ClusterRules rules;
    private final Map<String, ClusterHost> hostsByName = new HashMap<>();
    private final Map<String, VmStatus> vmsByName = new HashMap<>();
    private final Map<String, List<VmStatus>> vmsByHost = new HashMap<>();

    /** Creates a snapshot without rules. */
    public ClusterModel(List<ClusterHost> hosts, List<VmStatus> vms, List<Omission> omissions) {
        this(hosts, vms, omissions, ClusterRules.NONE);
    }

    /**
     * Creates a snapshot.
     *
     * @param hosts     the hosts, with unique names
     * @param vms       the VMs on these hosts, with unique names
     * @param omissions what is left out, and why
     * @param rules     the rules for migrations
     * @throws IllegalArgumentException if a name is not unique or the host of a VM is missing
     */
    public ClusterModel(List<ClusterHost> hosts, List<VmStatus> vms, List<Omission> omissions, ClusterRules rules) {
        this.hosts = List.copyOf(hosts);
        this.vms = List.copyOf(vms);
        this.omissions = List.copyOf(omissions);
        this.rules = rules;
        for (ClusterHost host : hosts) {
            if (hostsByName.put(host.name(), host) != null) {
                throw new IllegalArgumentException("There are two hosts '%s'.".formatted(host.name()));
            }
        }
        for (VmStatus vm : vms) {
            if (vmsByName.put(vm.name(), vm) != null) {
                throw new IllegalArgumentException("There are two VMs '%s'.".formatted(vm.name()));
            }
            if (!hostsByName.containsKey(vm.host())) {
                throw new IllegalArgumentException(
                        "VM '%s' is on host '%s', which is not in the cluster.".formatted(vm.name(), vm.host()));
            }
            vmsByHost.computeIfAbsent(vm.host(), host -> new ArrayList<>()).add(vm);
        }
    }

    /** Returns the hosts. */
    public List<ClusterHost> hosts() {
        return hosts;
    }

    /** Returns the VMs on all hosts. */
    public List<VmStatus> vms() {
        return vms;
    }

    /** Returns what is left out, and why. */
    public List<Omission> omissions() {
        return omissions;
    }

    /** Returns the rules for migrations. */
    public ClusterRules rules() {
        return rules;
    }

    /** Returns the host of this name, if it exists. */
    public Optional<ClusterHost> findHost(String name) {
        return Optional.ofNullable(hostsByName.get(name));
    }

    /**
     * Returns the host of this name.
     *
     * @throws IllegalArgumentException if it does not exist
     */
    public ClusterHost host(String name) {
        return findHost(name).orElseThrow(() -> new IllegalArgumentException("There is no host '%s'.".formatted(name)));
    }

    /** Returns the VM of this name, if it exists. */
    public Optional<VmStatus> findVm(String name) {
        return Optional.ofNullable(vmsByName.get(name));
    }

    /**
     * Returns the VM of this name.
     *
     * @throws IllegalArgumentException if it does not exist
     */
    public VmStatus vm(String name) {
        return findVm(name).orElseThrow(() -> new IllegalArgumentException("There is no VM '%s'.".formatted(name)));
    }

    /** Returns the VMs on a host. */
    public List<VmStatus> vmsOn(String host) {
        return Collections.unmodifiableList(vmsByHost.getOrDefault(host, List.of()));
    }

    /** Returns the same snapshot with other rules. */
    public ClusterModel withRules(ClusterRules others) {
        return new ClusterModel(hosts, vms, omissions, others);
    }

    /** Returns the same snapshot without some hosts and their VMs, and with more that is left out. */
    public ClusterModel without(Set<String> left, List<Omission> more) {
        List<Omission> all = new ArrayList<>(omissions);
        all.addAll(more);
        return new ClusterModel(
                hosts.stream().filter(host -> !left.contains(host.name())).toList(),
                vms.stream().filter(vm -> !left.contains(vm.host())).toList(),
                all,
                rules);
    }

    /** Returns whether a VM may be migrated: it is running, not already migrating, and not pinned. */
    public boolean movable(VmStatus vm) {
        return immovableBecause(vm).isEmpty();
    }

    /** Returns what a VM is that must not be migrated, to complete "it is", or nothing if it may be migrated. */
    public Optional<String> immovableBecause(VmStatus vm) {
        if (vm.migration() != null) {
            return Optional.of("migrating");
        }
        return rules.pinnedBecause(vm.name())
                .or(() -> "running".equals(vm.state()) ? Optional.empty() : Optional.of(vm.state()));
    }

    /** Returns whether a host has no VMs, and no servers without running VMs. */
    public boolean isEmpty(String host) {
        return vmsOn(host).isEmpty() && rules.idleOn(host).isEmpty();
    }

    /** Returns a VM on a host from which another VM must be kept apart, if there is one. */
    public Optional<String> keptApartBy(String vm, String host) {
        return rules.groupOf(vm)
                .flatMap(group -> vmsOn(host).stream()
                        .map(VmStatus::name)
                        .filter(other -> !other.equals(vm) && group.contains(other))
                        .findFirst());
    }

    /** Returns the memory that is assigned to the VMs on a host, whether they use it or not. */
    public MemorySize promisedMemory(String host) {
        return new MemorySize(
                vmsOn(host).stream().mapToLong(vm -> promised(vm).bytes()).sum());
    }

    /** Returns the memory that is assigned to a VM; its resident memory if its definition is unknown. */
    public static MemorySize promised(VmStatus vm) {
        return vm.definition() == null ? vm.residentMemory() : vm.definition().memory();
    }

    /**
     * Predicts the cluster after a VM has been migrated: its CPU use, resident memory and traffic move from the source to the
     * destination. A VM that lacks CPU time on the source may use more on the destination than predicted.
     *
     * @throws IllegalArgumentException if the VM or the host does not exist, or the VM is already on the host
     */
    public ClusterModel withMove(String vmName, String to) {
        VmStatus vm = vm(vmName);
        if (vm.host().equals(to)) {
            throw new IllegalArgumentException("VM '%s' is on host '%s' already.".formatted(vmName, to));
        }
        ClusterHost source = without(host(vm.host()), vm);
        ClusterHost destination = with(host(to), vm);
        List<ClusterHost> nextHosts = hosts.stream()
                .map(host ->
                        host.name().equals(source.name()) ? source : host.name().equals(to) ? destination : host)
                .toList();
        List<VmStatus> nextVms = vms.stream()
                .map(other -> other.name().equals(vmName) ? vm.on(to) : other)
                .toList();
        return new ClusterModel(
                nextHosts, nextVms, omissions, rules.withRoom(rules.room().withMove(vmName, to)));
    }

    private static ClusterHost without(ClusterHost host, VmStatus vm) {
        Traffic traffic = host.profile().traffic();
        return host.withLoad(
                host.profile().cpuLoad() - cpuShare(vm, host),
                host.profile().memoryLoad() - memoryShare(vm, host),
                new Traffic(
                        traffic.in().minus(vm.traffic().in()),
                        traffic.out().minus(vm.traffic().out())),
                host.profile().cpuSpread().minus(vm.vcpuUse(), vm.vcpus()).threads());
    }

    private static ClusterHost with(ClusterHost host, VmStatus vm) {
        Traffic traffic = host.profile().traffic();
        return host.withLoad(
                host.profile().cpuLoad() + cpuShare(vm, host),
                host.profile().memoryLoad() + memoryShare(vm, host),
                new Traffic(
                        traffic.in().plus(vm.traffic().in()),
                        traffic.out().plus(vm.traffic().out())),
                host.profile().cpuSpread().plus(vm.vcpuUse(), vm.vcpus()).threads());
    }

    /** Returns the share of a host's cores that a VM uses, or would use there. */
    public static double cpuShare(VmStatus vm, ClusterHost host) {
        return vm.vcpuUse() / host.profile().cores();
    }

    /** Returns the share of a host's memory that is resident memory of a VM, or would be there. */
    public static double memoryShare(VmStatus vm, ClusterHost host) {
        return vm.residentMemory().bytes()
                / (double) Math.max(1, host.profile().memory().bytes());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterModel model
                && hosts.equals(model.hosts)
                && vms.equals(model.vms)
                && omissions.equals(model.omissions)
                && rules.equals(model.rules);
    }

    @Override
    public int hashCode() {
        return Objects.hash(hosts, vms, omissions, rules);
    }

    @Override
    public String toString() {
        return "%d hosts, %d VMs, omissions %s".formatted(hosts.size(), vms.size(), omissions);
    }
}
