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

/** One picture of the cluster, which never changes: a whole decision is made from it. Looking up hosts and VMs costs no search. */
public final class ClusterModel {

    private final List<ClusterHost> hosts;
    private final List<VmStatus> vms;
    private final List<Omission> omissions;
    private final ClusterRules rules;
    private final Map<String, ClusterHost> hostsByName = new HashMap<>();
    private final Map<String, VmStatus> vmsByName = new HashMap<>();
    private final Map<String, List<VmStatus>> vmsByHost = new HashMap<>();

    /** A cluster where everything may be done. */
    public ClusterModel(List<ClusterHost> hosts, List<VmStatus> vms, List<Omission> omissions) {
        this(hosts, vms, omissions, ClusterRules.NONE);
    }

    /**
     * Copies the lists.
     *
     * @param hosts     the hosts, by name each once
     * @param vms       the VMs on them, by name each once
     * @param omissions what was left out, and why
     * @param rules     what must not be done
     * @throws IllegalArgumentException when a name comes twice or a VM is on a host that is not there
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

    /** The hosts. */
    public List<ClusterHost> hosts() {
        return hosts;
    }

    /** The VMs on them. */
    public List<VmStatus> vms() {
        return vms;
    }

    /** What was left out, and why. */
    public List<Omission> omissions() {
        return omissions;
    }

    /** What must not be done. */
    public ClusterRules rules() {
        return rules;
    }

    /** The host of this name, if it is there. */
    public Optional<ClusterHost> findHost(String name) {
        return Optional.ofNullable(hostsByName.get(name));
    }

    /**
     * The host of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public ClusterHost host(String name) {
        return findHost(name).orElseThrow(() -> new IllegalArgumentException("There is no host '%s'.".formatted(name)));
    }

    /** The VM of this name, if it is there. */
    public Optional<VmStatus> findVm(String name) {
        return Optional.ofNullable(vmsByName.get(name));
    }

    /**
     * The VM of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public VmStatus vm(String name) {
        return findVm(name).orElseThrow(() -> new IllegalArgumentException("There is no VM '%s'.".formatted(name)));
    }

    /** The VMs on a host. */
    public List<VmStatus> vmsOn(String host) {
        return Collections.unmodifiableList(vmsByHost.getOrDefault(host, List.of()));
    }

    /** The same under other rules. */
    public ClusterModel withRules(ClusterRules others) {
        return new ClusterModel(hosts, vms, omissions, others);
    }

    /** Whether a VM may be moved: it runs, is in no migration and not pinned. */
    public boolean movable(VmStatus vm) {
        return "running".equals(vm.state())
                && vm.migration() == null
                && !rules.pinned().contains(vm.name());
    }

    /** The VM on a host that keeps another from going there because the two must be apart, if there is one. */
    public Optional<String> keptApartBy(String vm, String host) {
        return rules.groupOf(vm)
                .flatMap(group -> vmsOn(host).stream()
                        .map(VmStatus::name)
                        .filter(other -> !other.equals(vm) && group.contains(other))
                        .findFirst());
    }

    /** The memory that is promised to the VMs on a host, whether they use it or not. */
    public MemorySize promisedMemory(String host) {
        return new MemorySize(
                vmsOn(host).stream().mapToLong(vm -> promised(vm).bytes()).sum());
    }

    /** The memory that is promised to a VM; its resident memory where nobody knows. */
    public static MemorySize promised(VmStatus vm) {
        return vm.definition() == null ? vm.residentMemory() : vm.definition().memory();
    }

    /**
     * The cluster as it should look when a VM has moved: the destination bears the CPU time, resident memory and traffic that
     * the source bears now. A VM that was starved on the source may take more than that.
     *
     * @throws IllegalArgumentException when the VM or the host is not there, or it is on that host already
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
                .map(other -> other.name().equals(vmName) ? on(to, vm) : other)
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

    /** The share of a host's cores that a VM takes, or would take there. */
    public static double cpuShare(VmStatus vm, ClusterHost host) {
        return vm.vcpuUse() / host.profile().cores();
    }

    /** The share of a host's memory that a VM holds, or would hold there. */
    public static double memoryShare(VmStatus vm, ClusterHost host) {
        return vm.residentMemory().bytes()
                / (double) Math.max(1, host.profile().memory().bytes());
    }

    /** The same VM on another host. */
    static VmStatus on(String host, VmStatus vm) {
        return new VmStatus(
                vm.name(),
                host,
                vm.state(),
                vm.definition(),
                vm.pid(),
                vm.vcpuUse(),
                vm.residentMemory(),
                vm.traffic(),
                vm.migration());
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
