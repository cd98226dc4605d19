package io.github.godwit.strategy.cluster;

import io.github.godwit.nova.Nova.Aggregate;
import io.github.godwit.nova.Nova.ComputeService;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.Nova.ServerGroup;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Derives the rules for migrations from Nova's answers. VMs are named by the UUIDs of their servers, as host drivers do with Nova. */
final class NovaRules {

    private static final String APART = "anti-affinity";
    private static final String ACTIVE = "ACTIVE";

    private NovaRules() {}

    /**
     * Returns the rules. Hosts that are disabled or down receive no VMs. Servers of an anti-affinity group are kept apart. Servers that
     * are locked, not ACTIVE, or in an affinity group with other servers are pinned.
     */
    static ClusterRules of(List<ComputeService> services, List<Server> servers, List<ServerGroup> groups) {
        Set<String> known = servers.stream().map(Server::id).collect(Collectors.toSet());
        Set<String> closed = services.stream()
                .filter(service -> !service.enabled() || !service.up())
                .map(ComputeService::host)
                .collect(Collectors.toSet());
        Set<String> pinned = servers.stream()
                .filter(server -> server.locked() || !ACTIVE.equals(server.status()))
                .map(Server::id)
                .collect(Collectors.toSet());
        groups.stream()
                .filter(group -> "affinity".equals(group.policy()))
                .map(group -> members(group, known))
                .filter(members -> members.size() > 1)
                .forEach(pinned::addAll);
        List<Set<String>> apart = groups.stream()
                .filter(group -> APART.equals(group.policy()))
                .map(group -> members(group, known))
                .filter(members -> members.size() > 1)
                .toList();
        return new ClusterRules(pinned, closed, apart);
    }

    /** Returns what a scope can refer to. */
    static NovaFacts facts(List<ComputeService> services, List<Server> servers, List<Aggregate> aggregates) {
        return new NovaFacts(
                services.stream().collect(Collectors.toMap(ComputeService::host, ComputeService::zone)),
                aggregates.stream()
                        .map(each -> new NovaFacts.Aggregate(each.id(), each.name(), Set.copyOf(each.hosts())))
                        .toList(),
                servers.stream()
                        .collect(Collectors.toMap(
                                Server::id, each -> new NovaFacts.Server(each.id(), each.project(), each.metadata()))));
    }

    /** Returns the members that exist; Nova also lists deleted members. */
    private static Set<String> members(ServerGroup group, Set<String> known) {
        return group.members().stream().filter(known::contains).collect(Collectors.toSet());
    }
}
