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
     * @param details  its name, state and size
     */
    public record Server(
            String uuid, String project, Map<String, String> metadata, Map<String, String> flavor, Details details) {

        /** A server of which no details are known. */
        public Server(String uuid, String project, Map<String, String> metadata, Map<String, String> flavor) {
            this(uuid, project, metadata, flavor, Details.UNKNOWN);
        }

        /** A server whose flavor has no extra specs. */
        public Server(String uuid, String project, Map<String, String> metadata) {
            this(uuid, project, metadata, Map.of());
        }
    }

    /**
     * The name, the state and the size of a server.
     *
     * @param name            name, set by its user
     * @param status          status, such as ACTIVE or SHUTOFF
     * @param task            what Nova is doing with it ({@code task_state}), or null
     * @param locked          whether it is locked against changes
     * @param pinnedZone      availability zone that it has to stay in; null if none, or if Nova does not report it
     * @param vcpus           virtual CPUs
     * @param memoryMebibytes RAM in MiB
     * @param diskGibibytes   its disks on its host in GiB, rounded up
     */
    public record Details(
            String name,
            String status,
            String task,
            boolean locked,
            String pinnedZone,
            int vcpus,
            long memoryMebibytes,
            long diskGibibytes) {

        /** Nothing is known. */
        public static final Details UNKNOWN = new Details(null, null, null, false, null, 0, 0, 0);
    }

    /**
     * A host, as Nova and Placement know it.
     *
     * @param uuid           UUID of its hypervisor
     * @param enabled        whether Nova's scheduler may use it
     * @param disabledReason the reason for which it was disabled, or null
     * @param up             whether the heartbeat of its nova-compute is recent
     * @param inventories    inventories, by resource class such as VCPU, MEMORY_MB or DISK_GB
     */
    public record Host(
            String uuid, boolean enabled, String disabledReason, boolean up, Map<String, Inventory> inventories) {

        /** Copies the map. */
        public Host {
            inventories = Map.copyOf(inventories);
        }
    }

    /**
     * The inventory of one resource class of a host.
     *
     * @param total    total amount
     * @param reserved amount that is reserved for the host itself
     * @param ratio    factor of oversubscription of the amount that is not reserved
     */
    public record Inventory(long total, long reserved, double ratio) {}
}
