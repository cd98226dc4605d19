package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.cluster.NovaFacts.Details;
import io.github.godwit.strategy.cluster.NovaFacts.Inventory;
import io.github.godwit.strategy.rest.ApiVersion;
import io.github.godwit.strategy.rest.WatcherJson;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of Watcher's data model of type compute: one for each server with its host, and one for each host without servers. What Nova
 * and Placement know is taken from them. Without Nova a server is known by its VM only, and a host has no reservations, no
 * oversubscription and no disks.
 */
final class DataModelRows {

    /** Nova's statuses whose name in Watcher, the {@code vm_state}, is not the same in lower case. */
    private static final Map<String, String> STATES =
            Map.of("SHUTOFF", "stopped", "MIGRATING", "active", "RESCUE", "rescued", "VERIFY_RESIZE", "resized");

    private static final Inventory NONE = new Inventory(0, 0, 1);

    private final ClusterModel cluster;
    private final Map<String, NovaFacts.Server> servers;
    private final Map<String, NovaFacts.Host> hosts;
    private final ApiVersion version;

    /**
     * @param cluster the cluster, limited to the scope of an audit
     * @param facts   what Nova knows about servers, or nothing without Nova
     * @param hosts   what Nova and Placement know about hosts, by name
     * @param version microversion of the request
     */
    DataModelRows(
            ClusterModel cluster, Optional<NovaFacts> facts, Map<String, NovaFacts.Host> hosts, ApiVersion version) {
        this.cluster = cluster;
        this.servers = facts.map(NovaFacts::servers).orElse(Map.of());
        this.hosts = hosts;
        this.version = version;
    }

    ArrayNode rows() {
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        for (ClusterHost host : cluster.hosts()) {
            List<VmStatus> vms = cluster.vmsOn(host.name());
            List<IdleServer> idle = cluster.rules().idleOn(host.name());
            for (VmStatus vm : vms) {
                node(running(rows.addObject(), vm), host);
            }
            for (IdleServer server : idle) {
                node(idle(rows.addObject(), server), host);
            }
            if (vms.isEmpty() && idle.isEmpty()) {
                node(rows.addObject(), host);
            }
        }
        return rows;
    }

    private ObjectNode running(ObjectNode row, VmStatus vm) {
        NovaFacts.Server server = servers.get(vm.name());
        Details details = server == null ? Details.UNKNOWN : server.details();
        String name = details.name() == null ? vm.name() : details.name();
        String state = details.status() == null ? vm.state() : details.status();
        row.put("server_uuid", vm.name());
        row.put("server_name", name);
        row.put("server_state", "running".equals(state) ? "active" : state(state));
        row.put("server_vcpus", vm.vcpus());
        row.put("server_memory", Math.round(ClusterModel.promised(vm).mebibytes()));
        return server(row, vm.name(), server);
    }

    private ObjectNode idle(ObjectNode row, IdleServer idle) {
        NovaFacts.Server server = servers.get(idle.id());
        Details details = server == null ? Details.UNKNOWN : server.details();
        row.put("server_uuid", idle.id());
        row.put("server_name", idle.name());
        row.put("server_state", state(idle.status()));
        row.put("server_vcpus", details.vcpus());
        row.put("server_memory", details.memoryMebibytes());
        return server(row, idle.id(), server);
    }

    private static String state(String status) {
        return STATES.getOrDefault(status, status.toLowerCase(Locale.ROOT));
    }

    private ObjectNode server(ObjectNode row, String id, NovaFacts.Server server) {
        Details details = server == null ? Details.UNKNOWN : server.details();
        row.put("server_watcher_exclude", cluster.rules().pinned().contains(id));
        row.put("server_disk", details.diskGibibytes());
        row.set("server_metadata", WatcherJson.tree(server == null ? Map.of() : server.metadata()));
        row.put("server_project_id", server == null ? null : server.project());
        row.put("server_locked", details.locked());
        if (version.knows(ApiVersion.EXTENDED_DATA_MODEL)) {
            row.set("server_flavor_extra_specs", WatcherJson.tree(server == null ? Map.of() : server.flavor()));
            row.put("server_pinned_az", details.pinnedZone() == null ? "" : details.pinnedZone());
        }
        return row;
    }

    private void node(ObjectNode row, ClusterHost host) {
        NovaFacts.Host known = hosts.get(host.name());
        boolean enabled = known == null ? !cluster.rules().closed().contains(host.name()) : known.enabled();
        Map<String, Inventory> inventories = known == null ? Map.of() : known.inventories();
        row.put("node_uuid", known == null ? host.name() : known.uuid());
        row.put("node_hostname", host.name());
        row.put("node_status", enabled ? "enabled" : "disabled");
        row.put("node_disabled_reason", known == null ? null : known.disabledReason());
        row.put("node_state", known == null || known.up() ? "up" : "down");
        Inventory memory = inventories.getOrDefault(
                "MEMORY_MB", new Inventory(Math.round(host.profile().memory().mebibytes()), 0, 1));
        Inventory disk = inventories.getOrDefault("DISK_GB", NONE);
        Inventory vcpus = inventories.getOrDefault(
                "VCPU", new Inventory(Math.round(host.profile().cores()), 0, 1));
        row.put("node_memory", memory.total());
        row.put("node_memory_mb_reserved", memory.reserved());
        row.put("node_memory_ratio", memory.ratio());
        row.put("node_disk", disk.total());
        row.put("node_disk_gb_reserved", disk.reserved());
        row.put("node_disk_ratio", disk.ratio());
        row.put("node_vcpus", vcpus.total());
        row.put("node_vcpu_reserved", vcpus.reserved());
        row.put("node_vcpu_ratio", vcpus.ratio());
    }
}
