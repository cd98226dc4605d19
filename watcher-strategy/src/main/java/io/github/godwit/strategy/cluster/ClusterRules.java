package io.github.godwit.strategy.cluster;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What must not be done to a cluster.
 *
 * @param pinned VMs that stay where they are; they count with their load
 * @param closed hosts that receive nothing, for example those that are disabled
 * @param apart  groups of VMs of which no two may be on one host (Nova's anti-affinity)
 * @param room   what hosts can still be given, whatever their load is
 */
public record ClusterRules(Set<String> pinned, Set<String> closed, List<Set<String>> apart, PlacementRoom room) {

    /** Everything may be done. */
    public static final ClusterRules NONE = new ClusterRules(Set.of(), Set.of(), List.of());

    /** Rules of a cluster without a Placement. */
    public ClusterRules(Set<String> pinned, Set<String> closed, List<Set<String>> apart) {
        this(pinned, closed, apart, PlacementRoom.UNLIMITED);
    }

    /** Copies all. */
    public ClusterRules {
        pinned = Set.copyOf(pinned);
        closed = Set.copyOf(closed);
        apart = apart.stream().map(Set::copyOf).toList();
    }

    /** The same with more VMs pinned. */
    public ClusterRules withPinned(Set<String> more) {
        Set<String> all = new HashSet<>(pinned);
        all.addAll(more);
        return new ClusterRules(all, closed, apart, room);
    }

    /** The same with what Placement has left. */
    public ClusterRules withRoom(PlacementRoom left) {
        return new ClusterRules(pinned, closed, apart, left);
    }

    /** The group of VMs that a VM must be kept apart from, with itself, if there is one. */
    public Optional<Set<String>> groupOf(String vm) {
        return apart.stream().filter(group -> group.contains(vm)).findFirst();
    }
}
