package io.github.godwit.nova;

import static io.github.godwit.nova.OpenStackJson.list;
import static io.github.godwit.nova.OpenStackJson.text;
import static io.github.godwit.nova.OpenStackJson.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Nova's compute API, as an administrator: what there is, and live migrations. For use by many threads. All methods fail with
 * {@link OpenStackException} where Nova does not do what it is asked.
 */
public final class Nova {

    /** Of Train: hypervisors and flavors as they still are, {@code os-migrateLive} without {@code force}. */
    private static final String MICROVERSION = "compute 2.79";

    private final OpenStackCalls calls;

    /** Over a session of a user of role admin. */
    public Nova(OpenStackSession session) {
        this.calls = OpenStackCalls.compute(session, MICROVERSION);
    }

    /**
     * A nova-compute.
     *
     * @param id             UUID
     * @param host           name of the host
     * @param zone           availability zone
     * @param enabled        whether the scheduler may use it
     * @param up             whether it reports
     * @param disabledReason why it is disabled, or null
     */
    public record ComputeService(
            String id, String host, String zone, boolean enabled, boolean up, String disabledReason) {}

    /**
     * A server.
     *
     * @param id       UUID
     * @param name     what its user calls it
     * @param domain   what libvirt calls it, such as {@code instance-00000001}
     * @param host     where it is, or null
     * @param project  UUID of its project
     * @param status   such as ACTIVE, PAUSED, MIGRATING
     * @param locked   whether users may not change it
     * @param metadata what its user attached
     * @param flavor   the flavor as it was when the server was made or last resized
     */
    public record Server(
            String id,
            String name,
            String domain,
            String host,
            String project,
            String status,
            boolean locked,
            Map<String, String> metadata,
            Flavor flavor) {

        /** Returns the value of a key in the server's metadata, or else in the extra specs of its flavor, or null. */
        public String property(String key) {
            String value = metadata.get(key);
            return value == null || value.isEmpty() ? flavor.extraSpecs().get(key) : value;
        }
    }

    /**
     * A flavor.
     *
     * @param name            name
     * @param vcpus           virtual CPUs
     * @param memoryMebibytes RAM in MiB
     * @param diskGibibytes   root disk in GiB
     * @param extraSpecs      what an administrator attached
     */
    public record Flavor(
            String name, int vcpus, long memoryMebibytes, long diskGibibytes, Map<String, String> extraSpecs) {}

    /**
     * A hypervisor.
     *
     * @param id      UUID, which is also that of its resource provider in Placement
     * @param name    its hostname, the name of its resource provider
     * @param host    name of its nova-compute's host
     * @param type    such as QEMU or ironic
     * @param version as the virt driver counts, for QEMU 1,000,000 × major + 1,000 × minor + micro
     */
    public record Hypervisor(String id, String name, String host, String type, long version) {}

    /**
     * A server group.
     *
     * @param id      UUID
     * @param policy  anti-affinity, affinity, soft-anti-affinity or soft-affinity
     * @param members UUIDs of its servers
     */
    public record ServerGroup(String id, String policy, List<String> members) {}

    /**
     * A host aggregate.
     *
     * @param id       number
     * @param name     name
     * @param zone     availability zone, or null
     * @param hosts    names of its hosts
     * @param metadata what is attached to it
     */
    public record Aggregate(long id, String name, String zone, List<String> hosts, Map<String, String> metadata) {}

    /**
     * A live migration that runs.
     *
     * @param id              number, of the server's migrations
     * @param status          such as queued, preparing, running, post-copy
     * @param source          host
     * @param destination     host, or null while the scheduler chooses
     * @param memoryTotal     bytes
     * @param memoryProcessed bytes sent
     * @param memoryRemaining bytes left
     */
    public record ServerMigration(
            long id,
            String status,
            String source,
            String destination,
            long memoryTotal,
            long memoryProcessed,
            long memoryRemaining) {}

    /** Every nova-compute. */
    public List<ComputeService> services() {
        return list(
                calls.get("/os-services", Map.of("binary", "nova-compute")).path("services"),
                each -> new ComputeService(
                        each.path("id").asText(),
                        each.path("host").asText(),
                        each.path("zone").asText(),
                        "enabled".equals(each.path("status").asText()),
                        "up".equals(each.path("state").asText()),
                        text(each, "disabled_reason")));
    }

    /**
     * Has the scheduler use a host or not; guests that are there stay.
     *
     * @param id     of its nova-compute
     * @param reason why it is disabled; nobody reads it when it is enabled
     */
    public void setEnabled(String id, boolean enabled, String reason) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", enabled ? "enabled" : "disabled");
        if (!enabled) {
            body.put("disabled_reason", reason);
        }
        calls.put("/os-services/" + id, body);
    }

    /** All projects' servers. */
    public List<Server> servers() {
        return calls.pages("/servers/detail", "servers", Map.of("all_tenants", "true"), Nova::server);
    }

    /** One server, if it is there. */
    public Optional<Server> findServer(String id) {
        return calls.find("/servers/" + id).map(found -> server(found.path("server")));
    }

    private static Server server(JsonNode each) {
        return new Server(
                each.path("id").asText(),
                each.path("name").asText(),
                each.path("OS-EXT-SRV-ATTR:instance_name").asText(),
                text(each, "OS-EXT-SRV-ATTR:host"),
                each.path("tenant_id").asText(),
                each.path("status").asText(),
                each.path("locked").asBoolean(),
                texts(each.path("metadata")),
                flavor(each.path("flavor"), "original_name"));
    }

    private static Flavor flavor(JsonNode each, String name) {
        return new Flavor(
                each.path(name).asText(),
                each.path("vcpus").asInt(),
                each.path("ram").asLong(),
                each.path("disk").asLong(),
                texts(each.path("extra_specs")));
    }

    /** All flavors, also those that are not for everybody. */
    public List<Flavor> flavors() {
        return calls.pages("/flavors/detail", "flavors", Map.of("is_public", "none"), each -> flavor(each, "name"));
    }

    /** All hypervisors. */
    public List<Hypervisor> hypervisors() {
        return calls.pages(
                "/os-hypervisors/detail",
                "hypervisors",
                Map.of(),
                each -> new Hypervisor(
                        each.path("id").asText(),
                        each.path("hypervisor_hostname").asText(),
                        each.path("service").path("host").asText(),
                        each.path("hypervisor_type").asText(),
                        each.path("hypervisor_version").asLong()));
    }

    /** All projects' server groups. */
    public List<ServerGroup> groups() {
        List<ServerGroup> groups = new ArrayList<>();
        List<ServerGroup> page;
        do {
            page = list(
                    calls.get(
                                    "/os-server-groups",
                                    Map.of(
                                            "all_projects",
                                            "true",
                                            "limit",
                                            Integer.toString(OpenStackCalls.PAGE),
                                            "offset",
                                            Integer.toString(groups.size())))
                            .path("server_groups"),
                    each -> new ServerGroup(
                            each.path("id").asText(),
                            each.path("policy").asText(),
                            list(each.path("members"), JsonNode::asText)));
            groups.addAll(page);
        } while (page.size() == OpenStackCalls.PAGE);
        return groups;
    }

    /** All host aggregates. */
    public List<Aggregate> aggregates() {
        return list(
                calls.get("/os-aggregates", Map.of()).path("aggregates"),
                each -> new Aggregate(
                        each.path("id").asLong(),
                        each.path("name").asText(),
                        text(each, "availability_zone"),
                        list(each.path("hosts"), JsonNode::asText),
                        texts(each.path("metadata"))));
    }

    /**
     * Starts a live migration; Nova finds out about block migration itself.
     *
     * @param server UUID
     * @param host   where to, which the scheduler has to allow; null lets it choose
     */
    public void liveMigrate(String server, String host) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("os-migrateLive").put("host", host).put("block_migration", "auto");
        calls.post("/servers/%s/action".formatted(server), body);
    }

    /** A server's live migrations that run. */
    public List<ServerMigration> migrations(String server) {
        return list(
                calls.get("/servers/%s/migrations".formatted(server), Map.of()).path("migrations"),
                each -> new ServerMigration(
                        each.path("id").asLong(),
                        each.path("status").asText(),
                        each.path("source_compute").asText(),
                        text(each, "dest_compute"),
                        each.path("memory_total_bytes").asLong(),
                        each.path("memory_processed_bytes").asLong(),
                        each.path("memory_remaining_bytes").asLong()));
    }

    /** Has a migration that runs end soon, by post-copy or a pause, as the host is set up. */
    public void forceComplete(String server, long migration) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putNull("force_complete");
        calls.post("/servers/%s/migrations/%d/action".formatted(server, migration), body);
    }

    /** Aborts a migration that runs or is queued; refused in post-copy. */
    public void abort(String server, long migration) {
        calls.delete("/servers/%s/migrations/%d".formatted(server, migration));
    }
}
