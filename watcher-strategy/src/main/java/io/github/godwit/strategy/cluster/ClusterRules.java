package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.VmStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rules that migrations in a cluster must obey.
 *
 * @param pinned names of VMs that must not be migrated; their load counts
 * @param closed names of hosts that must not receive VMs, for example because they are disabled
 * @param apart  groups of VMs of which no two may be on the same host (Nova's anti-affinity)
 * @param room   the capacity that Placement has left on each host
 * @param why    for pinned VMs, what the VM is, such as "locked"
 * @param zones  availability zones
 * @param idle   servers that are on a host, although its host driver reports no running VM of them
 * @param platforms hypervisors and CPUs, by the name of the host; a host that is missing rules nothing out
 */
public record ClusterRules(
        Set<String> pinned,
        Set<String> closed,
        List<Set<String>> apart,
        PlacementRoom room,
        Map<String, String> why,
        Zones zones,
        List<IdleServer> idle,
        Map<String, Platform> platforms) {

    /** No rules. */
    public static final ClusterRules NONE = new ClusterRules(Set.of(), Set.of(), List.of());

    /**
     * Availability zones.
     *
     * @param ofHosts zones, by the name of the host
     * @param ofVms   zones that VMs have to stay in, by the name of the VM
     * @param unsure  whether VMs may only be assumed to have to stay in their zone
     */
    public record Zones(Map<String, String> ofHosts, Map<String, String> ofVms, boolean unsure) {

        /** No zones. */
        public static final Zones NONE = new Zones(Map.of(), Map.of(), false);

        /** Copies the maps. */
        public Zones {
            ofHosts = Map.copyOf(ofHosts);
            ofVms = Map.copyOf(ofVms);
        }
    }

    /**
     * A server without a running VM, for example one that is SHUTOFF. It needs its host, and live migration cannot move it.
     *
     * @param id     UUID
     * @param name   name, set by its user
     * @param host   name of its host
     * @param status status, such as SHUTOFF, SUSPENDED or ERROR
     */
    public record IdleServer(String id, String name, String host, String status) {

        /** Describes the server, such as "db (5f0a1c5e-…) is SHUTOFF". */
        public String describe() {
            return "%s (%s) is %s%s".formatted(name, id, status, runs() ? " (its host driver does not report it)" : "");
        }

        /** Whether it runs as Nova says, so that it is one of these only because its host driver does not report it, or not yet. */
        private boolean runs() {
            return "ACTIVE".equals(status);
        }
    }

    /** Creates the rules of a cluster without Placement. */
    public ClusterRules(Set<String> pinned, Set<String> closed, List<Set<String>> apart) {
        this(pinned, closed, apart, PlacementRoom.UNLIMITED, Map.of(), Zones.NONE, List.of(), Map.of());
    }

    /** Copies the collections. */
    public ClusterRules {
        pinned = Set.copyOf(pinned);
        closed = Set.copyOf(closed);
        apart = apart.stream().map(Set::copyOf).toList();
        why = Map.copyOf(why);
        idle = List.copyOf(idle);
        platforms = Map.copyOf(platforms);
    }

    /**
     * Returns the same rules with more VMs pinned. A VM that is pinned already keeps its reason.
     *
     * @param more   names of the VMs
     * @param reason what they are, such as "outside the audit's scope"
     */
    public ClusterRules withPinned(Set<String> more, String reason) {
        Map<String, String> reasons = new HashMap<>();
        more.forEach(vm -> reasons.put(vm, reason));
        return withPinned(reasons);
    }

    /**
     * Returns the same rules with more VMs pinned. A VM that is pinned already keeps its reason.
     *
     * @param more what the VMs are, such as "locked", by their names
     */
    public ClusterRules withPinned(Map<String, String> more) {
        Set<String> all = new HashSet<>(pinned);
        all.addAll(more.keySet());
        Map<String, String> reasons = new HashMap<>(more);
        reasons.putAll(why);
        return new ClusterRules(all, closed, apart, room, reasons, zones, idle, platforms);
    }

    /** Returns the same rules with those VMs pinned that their devices, their memory or their QEMU keep on their host. */
    public ClusterRules withImmovable(Collection<VmStatus> vms) {
        Map<String, String> reasons = new HashMap<>();
        for (VmStatus vm : vms) {
            if (vm.immovable() != null) {
                reasons.put(vm.name(), "pinned because it cannot be live-migrated: " + vm.immovable());
            }
        }
        return withPinned(reasons);
    }

    /** Returns the same rules with other hosts that must not receive VMs. */
    public ClusterRules withClosed(Set<String> hosts) {
        return new ClusterRules(pinned, hosts, apart, room, why, zones, idle, platforms);
    }

    /** Returns the same rules with another remaining capacity. */
    public ClusterRules withRoom(PlacementRoom left) {
        return new ClusterRules(pinned, closed, apart, left, why, zones, idle, platforms);
    }

    /** Returns the same rules with other zones. */
    public ClusterRules withZones(Zones others) {
        return new ClusterRules(pinned, closed, apart, room, why, others, idle, platforms);
    }

    /** Returns the same rules with other servers without running VMs. */
    public ClusterRules withIdle(List<IdleServer> servers) {
        return new ClusterRules(pinned, closed, apart, room, why, zones, servers, platforms);
    }

    /** Returns the same rules with other hypervisors. */
    public ClusterRules withPlatforms(Map<String, Platform> others) {
        return new ClusterRules(pinned, closed, apart, room, why, zones, idle, others);
    }

    /** Returns the anti-affinity group of a VM, which includes the VM itself, if it has one. */
    public Optional<Set<String>> groupOf(String vm) {
        return apart.stream().filter(group -> group.contains(vm)).findFirst();
    }

    /** Returns what a pinned VM is, to complete "it is", or nothing if the VM is not pinned. */
    public Optional<String> pinnedBecause(String vm) {
        return pinned.contains(vm) ? Optional.of(why.getOrDefault(vm, "pinned")) : Optional.empty();
    }

    /** Returns the servers on a host that have no running VM there. */
    public List<IdleServer> idleOn(String host) {
        return idle.stream().filter(server -> server.host().equals(host)).toList();
    }

    /**
     * Returns the reason why no VM can be live-migrated between two hosts because of their hypervisors or CPUs, without a full stop, or
     * nothing.
     */
    public Optional<String> platformObstacle(String from, String to) {
        Platform here = platforms.get(from);
        Platform there = platforms.get(to);
        return here == null || there == null ? Optional.empty() : here.obstacle(from, to, there);
    }

    /** Returns the reason why a VM must not go to a host because of its zone, without a full stop, or nothing. */
    public Optional<String> zoneObstacle(String vm, String host) {
        String stays = zones.ofVms().get(vm);
        String there = zones.ofHosts().get(host);
        if (stays == null || there == null || stays.equals(there)) {
            return Optional.empty();
        }
        return Optional.of("%s is in availability zone %s, but the VM %s %s"
                .formatted(
                        host,
                        there,
                        zones.unsure()
                                ? "stays in its zone, because Nova before 2024.2 does not report whether it may leave"
                                : "is pinned to",
                        stays));
    }
}
