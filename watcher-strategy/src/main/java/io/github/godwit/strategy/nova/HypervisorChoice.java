package io.github.godwit.strategy.nova;

import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.NovaHosts.Hypervisor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The hypervisor of each host. A host that was renamed, or whose hypervisor hostname has become a full name, has two: Nova keeps the
 * record of the old one. Pure.
 *
 * @param chosen the hypervisors, by the name of the host
 * @param others further hypervisors of these hosts
 */
record HypervisorChoice(Map<String, Hypervisor> chosen, List<Hypervisor> others) {

    /**
     * Chooses the hypervisor that most servers of the host are on according to Nova; otherwise the first one, as Nova does for a live
     * migration ({@code ComputeNode.get_first_node_by_host_for_old_compat}).
     *
     * @param all     hypervisors; the same one may come twice
     * @param servers servers
     * @param wanted  names of the hosts
     */
    static HypervisorChoice of(List<Hypervisor> all, List<Server> servers, Predicate<String> wanted) {
        Map<String, Long> servedBy = servers.stream()
                .filter(server -> server.host() != null && server.hypervisor() != null)
                .collect(Collectors.groupingBy(
                        server -> key(server.host(), server.hypervisor()), Collectors.counting()));
        Map<String, List<Hypervisor>> byHost = all.stream()
                .distinct()
                .filter(each -> wanted.test(each.host()))
                .collect(Collectors.groupingBy(Hypervisor::host, TreeMap::new, Collectors.toList()));
        Map<String, Hypervisor> chosen = new TreeMap<>();
        List<Hypervisor> others = new ArrayList<>();
        byHost.forEach((host, found) -> {
            List<Hypervisor> sorted = found.stream()
                    .sorted(Comparator.comparingLong(each -> -servedBy.getOrDefault(key(host, each.name()), 0L)))
                    .toList();
            chosen.put(host, sorted.get(0));
            others.addAll(sorted.subList(1, sorted.size()));
        });
        return new HypervisorChoice(chosen, others);
    }

    private static String key(String host, String hypervisor) {
        return host + "\n" + hypervisor;
    }

    /** Returns the UUIDs of the hypervisors, by the name of the host. */
    Map<String, String> ids() {
        return chosen.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().id()));
    }
}
