package io.github.godwit.strategy.cluster;

import io.github.godwit.nova.Nova.Aggregate;
import io.github.godwit.nova.Nova.ComputeService;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.Nova.ServerGroup;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What follows for a cluster from what Nova tells. VMs go by the UUIDs of their servers, as host drivers under a Nova call them. Pure. */
final class NovaRules {

    private static final String APART = "anti-affinity";
    private static final String ACTIVE = "ACTIVE";

    private NovaRules() {}

    /**
     * Hosts that are disabled or do not report receive nothing; servers of an anti-affinity group are kept apart; those that are locked
     * or not ACTIVE stay, and so do servers of an affinity group that has others, which can only move together.
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

    /** What a scope may ask for. */
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

    /** Those that are still there; Nova keeps members that were deleted. */
    private static Set<String> members(ServerGroup group, Set<String> known) {
        return group.members().stream().filter(known::contains).collect(Collectors.toSet());
    }
}
