package io.github.godwit.strategy.cluster;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Nova knows of hosts and VMs besides their load; hosts and VMs by the names that their drivers have for them.
 *
 * @param zones      by host its availability zone
 * @param aggregates host aggregates
 * @param servers    by VM what its user made of it
 */
public record NovaFacts(Map<String, String> zones, List<Aggregate> aggregates, Map<String, Server> servers) {

    /** Copies. */
    public NovaFacts {
        zones = Map.copyOf(zones);
        aggregates = List.copyOf(aggregates);
        servers = Map.copyOf(servers);
    }

    /**
     * A host aggregate.
     *
     * @param id    number
     * @param name  name
     * @param hosts its hosts
     */
    public record Aggregate(long id, String name, Set<String> hosts) {}

    /**
     * A server.
     *
     * @param uuid     UUID
     * @param project  UUID of its project
     * @param metadata what its user attached
     */
    public record Server(String uuid, String project, Map<String, String> metadata) {}
}
