package io.github.godwit.strategy.nova;

import io.github.godwit.nova.Placement.NamedProvider;
import io.github.godwit.nova.Placement.ResourceProvider;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.cluster.PlacementRoom;
import io.github.godwit.strategy.cluster.PlacementRoom.HostTraits;
import io.github.godwit.strategy.cluster.PlacementRoom.Need;
import io.github.godwit.strategy.cluster.PlacementRoom.Room;
import io.github.godwit.strategy.cluster.PlacementRoom.TraitWishes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The resource providers of hosts in Placement. That of a hypervisor is the root of a tree, whose other providers have what belongs to a
 * part of the host: GPUs, PCI devices, NUMA nodes, bandwidth of NICs. A server is allocated from any of them. Pure.
 *
 * @param trees what each hypervisor has, by its UUID; one that Placement does not have is missing
 * @param roots UUIDs of all roots, by name
 */
record ProviderTrees(Map<String, Tree> trees, Map<String, List<String>> roots) {

    /** No hosts. */
    static final ProviderTrees NONE = new ProviderTrees(Map.of(), Map.of());

    /**
     * The tree of one hypervisor.
     *
     * @param parts  its resource providers
     * @param traits the traits of interest that it has
     */
    record Tree(List<ResourceProvider> parts, HostTraits traits) {

        /** The inventories of all parts together, by resource class. */
        Map<String, NovaFacts.Inventory> inventories() {
            Map<String, NovaFacts.Inventory> sums = new HashMap<>();
            for (ResourceProvider part : parts) {
                part.inventories()
                        .forEach((resource, each) -> sums.merge(
                                resource,
                                new NovaFacts.Inventory(each.total(), each.reserved(), each.allocationRatio()),
                                Tree::sum));
            }
            return sums;
        }

        private static NovaFacts.Inventory sum(NovaFacts.Inventory one, NovaFacts.Inventory other) {
            long total = one.total() + other.total();
            long reserved = one.reserved() + other.reserved();
            double capacity =
                    (one.total() - one.reserved()) * one.ratio() + (other.total() - other.reserved()) * other.ratio();
            return new NovaFacts.Inventory(
                    total, reserved, total > reserved ? capacity / (total - reserved) : one.ratio());
        }

        private Map<String, Room> rooms() {
            Map<String, List<Room>> each = new HashMap<>();
            for (ResourceProvider part : parts) {
                part.inventories().forEach((resource, inventory) -> {
                    long allocated = part.allocations().values().stream()
                            .mapToLong(allocation -> allocation.getOrDefault(resource, 0L))
                            .sum();
                    each.computeIfAbsent(resource, none -> new ArrayList<>())
                            .add(new Room(inventory.capacity() - allocated, inventory.maxUnit()));
                });
            }
            Map<String, Room> rooms = new HashMap<>();
            each.forEach((resource, found) -> rooms.put(resource, together(found)));
            return rooms;
        }

        private static Room together(List<Room> rooms) {
            if (rooms.size() == 1) {
                return rooms.get(0);
            }
            return new Room(
                    rooms.stream().mapToLong(room -> Math.max(0, room.free())).sum(),
                    rooms.stream()
                            .mapToLong(room -> Math.max(0, Math.min(room.free(), room.largest())))
                            .max()
                            .orElse(0));
        }

        private Map<String, Map<String, Need>> needs() {
            Map<String, Map<String, Need>> needs = new HashMap<>();
            for (ResourceProvider part : parts) {
                part.allocations().forEach((consumer, resources) -> {
                    Map<String, Need> sums = needs.computeIfAbsent(consumer, none -> new HashMap<>());
                    resources.forEach((resource, amount) ->
                            sums.merge(resource, Need.of(amount), (known, more) -> known.plus(more.total())));
                });
            }
            return needs;
        }
    }

    /**
     * Sorts providers into trees.
     *
     * @param all    all resource providers
     * @param parts  what those of hypervisors have
     * @param traits the UUIDs of the providers with each trait of interest
     */
    static ProviderTrees of(
            List<NamedProvider> all, Map<NamedProvider, ResourceProvider> parts, Map<String, Set<String>> traits) {
        Map<String, List<NamedProvider>> byRoot =
                parts.keySet().stream().collect(Collectors.groupingBy(NamedProvider::root));
        Map<String, Tree> trees = new HashMap<>();
        byRoot.forEach((root, members) -> {
            Set<String> own = new HashSet<>();
            Set<String> any = new HashSet<>();
            traits.forEach((trait, having) -> {
                if (having.contains(root)) {
                    own.add(trait);
                }
                if (members.stream().anyMatch(member -> having.contains(member.id()))) {
                    any.add(trait);
                }
            });
            trees.put(root, new Tree(members.stream().map(parts::get).toList(), new HostTraits(own, any)));
        });
        Map<String, List<String>> roots = all.stream()
                .filter(NamedProvider::isRoot)
                .collect(Collectors.groupingBy(
                        NamedProvider::name, Collectors.mapping(NamedProvider::id, Collectors.toList())));
        return new ProviderTrees(trees, roots);
    }

    /**
     * Returns the remaining capacity of hosts, and what VMs need.
     *
     * <p>A server that is allocated on several hosts needs the larger allocation; elsewhere it is left over from an evacuation or a failed
     * migration.
     *
     * @param hypervisors UUIDs of the hypervisors, by the name of the host
     * @param wishes      what flavors say about traits, by VM
     */
    PlacementRoom room(Map<String, String> hypervisors, Map<String, TraitWishes> wishes) {
        Map<String, Map<String, Room>> hosts = new HashMap<>();
        Map<String, Map<String, Need>> needs = new HashMap<>();
        Map<String, HostTraits> traits = new HashMap<>();
        hypervisors.forEach((host, hypervisor) -> {
            Tree tree = trees.get(hypervisor);
            if (tree != null) {
                hosts.put(host, Map.copyOf(tree.rooms()));
                traits.put(host, tree.traits());
                tree.needs().forEach((consumer, each) -> needs.merge(consumer, each, ProviderTrees::larger));
            }
        });
        return new PlacementRoom(hosts, needs, traits, wishes);
    }

    private static Map<String, Need> larger(Map<String, Need> one, Map<String, Need> other) {
        Map<String, Need> larger = new HashMap<>(one);
        other.forEach((resource, need) -> larger.merge(
                resource,
                need,
                (a, b) -> new Need(Math.max(a.total(), b.total()), Math.max(a.largest(), b.largest()))));
        return larger;
    }

    /**
     * Returns the hosts of consumers that are allocated on several, by consumer.
     *
     * @param hypervisors UUIDs of the hypervisors, by the name of the host
     */
    Map<String, Set<String>> spread(Map<String, String> hypervisors) {
        Map<String, Set<String>> hosts = new TreeMap<>();
        hypervisors.forEach((host, hypervisor) -> {
            Tree tree = trees.get(hypervisor);
            if (tree != null) {
                tree.parts().stream()
                        .flatMap(part -> part.allocations().keySet().stream())
                        .forEach(consumer -> hosts.computeIfAbsent(consumer, none -> new TreeSet<>())
                                .add(host));
            }
        });
        hosts.values().removeIf(each -> each.size() < 2);
        return hosts;
    }
}
