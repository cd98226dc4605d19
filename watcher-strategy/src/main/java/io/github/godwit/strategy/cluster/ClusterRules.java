package io.github.godwit.strategy.cluster;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rules that migrations in a cluster must obey.
 *
 * @param pinned names of VMs that must not be migrated; their load counts
 * @param closed names of hosts that must not receive VMs, for example because they are disabled
 * @param apart  groups of VMs of which no two may be on the same host (Nova's anti-affinity)
 * @param room   the capacity that Placement has left on each host
 */
public record ClusterRules(Set<String> pinned, Set<String> closed, List<Set<String>> apart, PlacementRoom room) {

    /** No rules. */
    public static final ClusterRules NONE = new ClusterRules(Set.of(), Set.of(), List.of());

    /** Creates the rules of a cluster without Placement. */
    public ClusterRules(Set<String> pinned, Set<String> closed, List<Set<String>> apart) {
        this(pinned, closed, apart, PlacementRoom.UNLIMITED);
    }

    /** Copies the collections. */
    public ClusterRules {
        pinned = Set.copyOf(pinned);
        closed = Set.copyOf(closed);
        apart = apart.stream().map(Set::copyOf).toList();
    }

    /** Returns the same rules with more VMs pinned. */
    public ClusterRules withPinned(Set<String> more) {
        Set<String> all = new HashSet<>(pinned);
        all.addAll(more);
        return new ClusterRules(all, closed, apart, room);
    }

    /** Returns the same rules with another remaining capacity. */
    public ClusterRules withRoom(PlacementRoom left) {
        return new ClusterRules(pinned, closed, apart, left);
    }

    /** Returns the anti-affinity group of a VM, which includes the VM itself, if it has one. */
    public Optional<Set<String>> groupOf(String vm) {
        return apart.stream().filter(group -> group.contains(vm)).findFirst();
    }
}
