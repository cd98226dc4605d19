package io.github.godwit.strategy.nova;

import io.github.godwit.common.HostName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * Which host of Nova is which host of the cluster, whose names may differ: nova-compute has {@code [DEFAULT] host}, libvirt reports a
 * hypervisor hostname, and a host driver has its {@code --name}. Pure.
 *
 * @param toNova    names in Nova, by names in the cluster
 * @param ofNova    names in the cluster, by names in Nova
 * @param ambiguous for hosts of the cluster that may be one of several of Nova, or whose host of Nova may be another one, the names in Nova
 */
record HostNameMatch(Map<String, String> toNova, Map<String, String> ofNova, Map<String, List<String>> ambiguous) {

    /** Nothing is known. */
    static final HostNameMatch NONE = new HostNameMatch(Map.of(), Map.of(), Map.of());

    /** From the surest to the least sure one: a later rule never changes what an earlier one has found. */
    private static final List<BiPredicate<String, NamedHost>> RULES = List.of(
            (name, host) -> name.equals(host.name()),
            (name, host) -> name.equalsIgnoreCase(host.name()),
            (name, host) -> host.hypervisors().stream().anyMatch(name::equalsIgnoreCase),
            (name, host) -> HostName.same(name, host.name())
                    || host.hypervisors().stream().anyMatch(hypervisor -> HostName.same(name, hypervisor)));

    /** A host of Nova with the names of its hypervisors. */
    private record NamedHost(String name, Set<String> hypervisors) {}

    /** Copies the maps. */
    HostNameMatch {
        toNova = Map.copyOf(toNova);
        ofNova = Map.copyOf(ofNova);
        ambiguous = Map.copyOf(ambiguous);
    }

    /**
     * Matches names one to one.
     *
     * @param cluster names that host drivers report
     * @param nova    hypervisor hostnames, by the name of the host in Nova
     */
    static HostNameMatch of(Collection<String> cluster, Map<String, Set<String>> nova) {
        Map<String, String> toNova = new HashMap<>();
        Map<String, List<String>> ambiguous = new TreeMap<>();
        Set<String> left = new TreeSet<>(cluster);
        Map<String, NamedHost> free = new TreeMap<>();
        nova.forEach((name, hypervisors) -> free.put(name, new NamedHost(name, hypervisors)));
        for (BiPredicate<String, NamedHost> rule : RULES) {
            Map<String, List<String>> candidates = new TreeMap<>();
            Map<String, Integer> wanted = new HashMap<>();
            for (String name : left) {
                List<String> found = free.values().stream()
                        .filter(host -> rule.test(name, host))
                        .map(NamedHost::name)
                        .toList();
                if (!found.isEmpty()) {
                    candidates.put(name, found);
                    found.forEach(host -> wanted.merge(host, 1, Integer::sum));
                }
            }
            candidates.forEach((name, found) -> {
                if (found.size() == 1 && wanted.get(found.get(0)) == 1) {
                    toNova.put(name, found.get(0));
                    left.remove(name);
                    free.remove(found.get(0));
                } else {
                    ambiguous.put(name, found);
                }
            });
        }
        ambiguous.keySet().retainAll(left);
        Map<String, String> ofNova = new HashMap<>();
        toNova.forEach((name, host) -> ofNova.put(host, name));
        return new HostNameMatch(toNova, ofNova, ambiguous);
    }

    /**
     * Returns this with more names, for the hosts of Nova that none has yet.
     *
     * @param more further names
     * @param nova hypervisor hostnames, by the name of the host in Nova
     */
    HostNameMatch and(Collection<String> more, Map<String, Set<String>> nova) {
        if (more.isEmpty()) {
            return this;
        }
        Map<String, Set<String>> free = new HashMap<>(nova);
        free.keySet().removeAll(ofNova.keySet());
        HostNameMatch others = of(more, free);
        Map<String, String> there = new HashMap<>(others.toNova);
        there.putAll(toNova);
        Map<String, String> here = new HashMap<>(others.ofNova);
        here.putAll(ofNova);
        return new HostNameMatch(there, here, ambiguous);
    }
}
