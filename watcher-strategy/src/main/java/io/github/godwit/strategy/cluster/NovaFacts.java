package io.github.godwit.strategy.cluster;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Nova knows about hosts and VMs besides their load. Hosts and VMs have the names that their host drivers use.
 *
 * @param zones      availability zones, by the name of the host
 * @param aggregates host aggregates
 * @param servers    servers, by the name of the VM
 */
public record NovaFacts(Map<String, String> zones, List<Aggregate> aggregates, Map<String, Server> servers) {

    /** Copies the collections. */
    public NovaFacts {
        zones = Map.copyOf(zones);
        aggregates = List.copyOf(aggregates);
        servers = Map.copyOf(servers);
    }

    /**
     * A host aggregate.
     *
     * @param id    numeric id
     * @param name  name
     * @param hosts names of its hosts
     */
    public record Aggregate(long id, String name, Set<String> hosts) {}

    /**
     * A server.
     *
     * @param uuid     UUID
     * @param project  UUID of its project
     * @param metadata metadata that its user set
     * @param flavor   extra specs of its flavor, which administrators set
     */
    public record Server(String uuid, String project, Map<String, String> metadata, Map<String, String> flavor) {

        /** A server whose flavor has no extra specs. */
        public Server(String uuid, String project, Map<String, String> metadata) {
            this(uuid, project, metadata, Map.of());
        }
    }
}
