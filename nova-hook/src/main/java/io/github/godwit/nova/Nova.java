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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A client of Nova's compute API with the role admin. Thread-safe. All methods throw {@link OpenStackException} if Nova does not
 * answer or reports an error.
 */
public final class Nova {

    /** Microversion of Train: current formats of hypervisors and flavors, {@code os-migrateLive} without {@code force}. */
    private static final String MICROVERSION = "compute 2.79";

    /** Since Ussuri, the events of a server's actions contain the message of the error ({@code details}). */
    private static final String EVENT_DETAILS = "compute 2.84";

    /** Since Dalmatian, servers contain the availability zone that their user requested ({@code pinned_availability_zone}). */
    private static final String PINNED_ZONES = "compute 2.96";

    private static final int NOT_ACCEPTABLE = 406;
    private static final String LIVE_MIGRATION = "live-migration";

    /** Enough for those in progress, because Nova returns the newest first. */
    private static final String NEWEST = "100";

    private final OpenStackCalls calls;
    private final OpenStackCalls eventCalls;
    private final OpenStackCalls zoneCalls;
    private final NovaMoves moves;
    private volatile boolean reportsPinnedZones = true;

    /** Creates a client; the user of the session needs the role admin. */
    public Nova(OpenStackSession session) {
        this.calls = OpenStackCalls.compute(session, MICROVERSION);
        this.eventCalls = OpenStackCalls.compute(session, EVENT_DETAILS);
        this.zoneCalls = OpenStackCalls.compute(session, PINNED_ZONES);
        this.moves = new NovaMoves(calls);
    }

    /** Returns the moves of servers from host to host. */
    public NovaMoves moves() {
        return moves;
    }

    /**
     * A nova-compute service.
     *
     * @param id             UUID
     * @param host           name of its host
     * @param zone           name of its availability zone
     * @param enabled        whether the scheduler may use it
     * @param up             whether its heartbeat is recent
     * @param disabledReason the reason why it is disabled, or null
     */
    public record ComputeService(
            String id, String host, String zone, boolean enabled, boolean up, String disabledReason) {}

    /**
     * A server.
     *
     * @param id       UUID
     * @param name     name, set by its user
     * @param domain   name of its libvirt domain, such as {@code instance-00000001}
     * @param host     name of its host, or null
     * @param project  UUID of its project
     * @param status   status, such as ACTIVE, PAUSED or MIGRATING
     * @param task     what Nova is doing with it ({@code task_state}), such as migrating; null if nothing
     * @param locked   whether it is locked against changes
     * @param metadata metadata, set by its user
     * @param flavor   the flavor as it was when the server was created or last resized
     * @param zone     its availability zone
     * @param volumeBacked whether it boots from a volume, so that its root disk is not on its host
     */
    public record Server(
            String id,
            String name,
            String domain,
            String host,
            String project,
            String status,
            String task,
            boolean locked,
            Map<String, String> metadata,
            Flavor flavor,
            Zone zone,
            boolean volumeBacked) {

        private static final long GIB = 1L << 30;
        private static final long MIB = 1L << 20;

        /** Returns whether Nova is live-migrating it, which includes waiting in Nova's queue. */
        public boolean migrating() {
            return "MIGRATING".equals(status) || "migrating".equals(task);
        }

        /** Returns the size of its disks on its host, in bytes: root disk, ephemeral disk and swap, without volumes. */
        public long localDiskBytes() {
            long root = volumeBacked ? 0 : flavor.diskGibibytes();
            return (root + flavor.ephemeralGibibytes()) * GIB + flavor.swapMebibytes() * MIB;
        }
    }

    /**
     * The availability zone of a server.
     *
     * @param current  the zone that it is in, or null
     * @param pinned   the zone that it has to stay in; null if none, or if Nova does not report it
     * @param reported whether Nova reports {@code pinned}, which it does since microversion 2.96
     */
    public record Zone(String current, String pinned, boolean reported) {}

    /**
     * A flavor.
     *
     * @param name               name
     * @param vcpus              virtual CPUs
     * @param memoryMebibytes    RAM in MiB
     * @param diskGibibytes      root disk in GiB
     * @param ephemeralGibibytes ephemeral disk in GiB
     * @param swapMebibytes      swap disk in MiB
     * @param extraSpecs         extra specs, set by an administrator
     */
    public record Flavor(
            String name,
            int vcpus,
            long memoryMebibytes,
            long diskGibibytes,
            long ephemeralGibibytes,
            long swapMebibytes,
            Map<String, String> extraSpecs) {}

    /**
     * A hypervisor.
     *
     * @param id      UUID, also of its resource provider in Placement
     * @param name    hypervisor hostname, also the name of its resource provider
     * @param host    name of the host of its nova-compute
     * @param type    type, such as QEMU or ironic
     * @param version version as the virt driver encodes it, for QEMU 1,000,000 × major + 1,000 × minor + micro
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
     * @param id       numeric id
     * @param name     name
     * @param zone     availability zone, or null
     * @param hosts    names of its hosts
     * @param metadata metadata
     */
    public record Aggregate(long id, String name, String zone, List<String> hosts, Map<String, String> metadata) {}

    /**
     * A live migration in progress.
     *
     * @param id              numeric id
     * @param status          status, such as queued, preparing, running or post-copy
     * @param source          name of the source host
     * @param destination     name of the destination host, or null until the scheduler has chosen it
     * @param memoryTotal     memory of the server, in bytes
     * @param memoryProcessed memory that has been sent, in bytes
     * @param memoryRemaining memory that remains to be sent, in bytes
     */
    public record ServerMigration(
            long id,
            String status,
            String source,
            String destination,
            long memoryTotal,
            long memoryProcessed,
            long memoryRemaining) {}

    /**
     * The record of a live migration, which Nova keeps after its end.
     *
     * @param id          numeric id
     * @param server      UUID of the server
     * @param status      status: accepted, queued, preparing, running, "running (post-copy)", post-migrating, completed, cancelled,
     *                    failed or error
     * @param source      name of the source host
     * @param destination name of the destination host, or null until the scheduler has chosen it
     */
    public record MigrationRecord(long id, String server, String status, String source, String destination) {

        private static final Set<String> ENDED = Set.of("completed", "cancelled", "failed", "error");
        private static final Set<String> ABORTABLE = Set.of("queued", "preparing", "running");

        /** Returns whether it has ended. */
        public boolean ended() {
            return ENDED.contains(status);
        }

        /** Returns whether Nova can abort it now. */
        public boolean abortable() {
            return ABORTABLE.contains(status);
        }

        /** Returns whether the server runs on the destination already, so that Nova cannot abort it. */
        public boolean postCopy() {
            return "running (post-copy)".equals(status);
        }
    }

    /** Returns all nova-compute services. */
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
     * Enables or disables a nova-compute service for the scheduler. Servers on the host stay.
     *
     * @param id      UUID of the service
     * @param enabled whether the scheduler may use it
     * @param reason  the reason for disabling it, at most 255 characters, or null; ignored when it is enabled
     */
    public void setEnabled(String id, boolean enabled, String reason) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", enabled ? "enabled" : "disabled");
        if (!enabled && reason != null) {
            body.put("disabled_reason", reason);
        }
        calls.put("/os-services/" + id, body);
    }

    /** Returns the servers of all projects. */
    public List<Server> servers() {
        return withZones(nova -> nova.pages("/servers/detail", "servers", Map.of("all_tenants", "true"), Nova::server));
    }

    /** Returns the UUIDs of the servers of all projects that Nova is live-migrating, which includes waiting in Nova's queue. */
    Set<String> migratingServers() {
        return Set.copyOf(calls.pages(
                "/servers",
                "servers",
                Map.of("all_tenants", "true", "status", "MIGRATING"),
                each -> each.path("id").asText()));
    }

    /** Returns a server, if it exists. */
    public Optional<Server> findServer(String id) {
        return calls.find("/servers/" + id).map(found -> server(found.path("server")));
    }

    /** Reads servers with the zones that they are pinned to, unless Nova is too old to report them. */
    private <T> T withZones(Function<OpenStackCalls, T> request) {
        if (reportsPinnedZones) {
            try {
                return request.apply(zoneCalls);
            } catch (OpenStackException e) {
                if (e.status() != NOT_ACCEPTABLE) {
                    throw e;
                }
                reportsPinnedZones = false;
            }
        }
        return request.apply(calls);
    }

    private static Server server(JsonNode each) {
        return new Server(
                each.path("id").asText(),
                each.path("name").asText(),
                each.path("OS-EXT-SRV-ATTR:instance_name").asText(),
                text(each, "OS-EXT-SRV-ATTR:host"),
                each.path("tenant_id").asText(),
                each.path("status").asText(),
                text(each, "OS-EXT-STS:task_state"),
                each.path("locked").asBoolean(),
                texts(each.path("metadata")),
                flavor(each.path("flavor"), "original_name"),
                new Zone(
                        text(each, "OS-EXT-AZ:availability_zone"),
                        text(each, "pinned_availability_zone"),
                        each.has("pinned_availability_zone")),
                !each.path("image").isObject());
    }

    private static Flavor flavor(JsonNode each, String name) {
        return new Flavor(
                each.path(name).asText(),
                each.path("vcpus").asInt(),
                each.path("ram").asLong(),
                each.path("disk").asLong(),
                each.path("ephemeral")
                        .asLong(each.path("OS-FLV-EXT-DATA:ephemeral").asLong()),
                each.path("swap").asLong(),
                texts(each.path("extra_specs")));
    }

    /** Returns all flavors, public and private. */
    public List<Flavor> flavors() {
        return calls.pages("/flavors/detail", "flavors", Map.of("is_public", "none"), each -> flavor(each, "name"));
    }

    /** Returns all hypervisors. */
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

    /** Returns the server groups of all projects. */
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

    /** Returns all host aggregates. */
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
     * Starts a live migration. Nova decides whether block migration is needed.
     *
     * @param server UUID of the server
     * @param host   name of the destination host, which the scheduler has to accept; null to let the scheduler choose
     */
    public void liveMigrate(String server, String host) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("os-migrateLive").put("host", host).put("block_migration", "auto");
        act(server, body);
    }

    /**
     * Starts a cold migration: Nova stops the server if it runs, moves its disks, and waits for {@link #confirmMigration} in the status
     * VERIFY_RESIZE.
     *
     * @param server UUID of the server
     * @param host   name of the destination host, which the scheduler has to accept; null to let the scheduler choose
     */
    public void coldMigrate(String server, String host) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (host == null) {
            body.putNull("migrate");
        } else {
            body.putObject("migrate").put("host", host);
        }
        act(server, body);
    }

    /** Confirms a cold migration that waits in the status VERIFY_RESIZE; Nova then removes the server from its source. */
    public void confirmMigration(String server) {
        act(server, JsonNodeFactory.instance.objectNode().putNull("confirmResize"));
    }

    /** Stops a server; Nova asks the guest to shut down and switches it off if that takes too long. */
    public void stop(String server) {
        act(server, JsonNodeFactory.instance.objectNode().putNull("os-stop"));
    }

    /** Starts a server that is stopped. */
    public void start(String server) {
        act(server, JsonNodeFactory.instance.objectNode().putNull("os-start"));
    }

    private void act(String server, ObjectNode body) {
        calls.post("/servers/%s/action".formatted(server), body);
    }

    /** Returns the live migrations in progress of a server. */
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

    /** Returns the records of a server's live migrations, the newest first, including those that have ended. */
    public List<MigrationRecord> migrationRecords(String server) {
        return records("instance_uuid", server);
    }

    /** Returns the records of the newest live migrations from or to a host, the newest first. */
    public List<MigrationRecord> migrationRecordsOf(String host) {
        return records("host", host);
    }

    /** Returns the records of the newest live migrations of all servers, the newest first, including those that have ended. */
    List<MigrationRecord> newestMigrationRecords() {
        return records(Map.of("migration_type", LIVE_MIGRATION, "limit", NEWEST));
    }

    private List<MigrationRecord> records(String filter, String value) {
        return records(Map.of(filter, value, "migration_type", LIVE_MIGRATION, "limit", NEWEST));
    }

    private List<MigrationRecord> records(Map<String, String> query) {
        return list(
                calls.get("/os-migrations", query).path("migrations"),
                each -> new MigrationRecord(
                        each.path("id").asLong(),
                        each.path("instance_uuid").asText(),
                        each.path("status").asText(),
                        each.path("source_compute").asText(),
                        text(each, "dest_compute")));
    }

    /**
     * Returns the message of the error with which the newest live migration of a server failed, such as "No valid host was found".
     * Nova reports it only among the events of the server's actions.
     */
    public Optional<String> migrationError(String server) {
        return error(server, LIVE_MIGRATION);
    }

    /**
     * Returns the message of the error with which the newest action of a kind failed on a server.
     *
     * @param server UUID of the server
     * @param kind   Nova's name of the kind, such as migrate or stop
     */
    public Optional<String> error(String server, String kind) {
        String path = "/servers/%s/os-instance-actions".formatted(server);
        return list(eventCalls.get(path, Map.of()).path("instanceActions"), each -> each).stream()
                .filter(each -> kind.equals(each.path("action").asText()))
                .findFirst()
                .map(newest -> eventCalls
                        .get(path + "/" + newest.path("request_id").asText(), Map.of())
                        .path("instanceAction")
                        .path("events"))
                .flatMap(events -> list(events, each -> each).stream()
                        .filter(each -> "Error".equals(each.path("result").asText()))
                        .map(each -> text(each, "details"))
                        .filter(Objects::nonNull)
                        .findFirst());
    }

    /** Forces a running migration to complete, by post-copy if it is enabled, otherwise by pausing the server. */
    public void forceComplete(String server, long migration) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putNull("force_complete");
        calls.post("/servers/%s/migrations/%d/action".formatted(server, migration), body);
    }

    /** Aborts a running or queued migration. Nova refuses this in post-copy. */
    public void abort(String server, long migration) {
        calls.delete("/servers/%s/migrations/%d".formatted(server, migration));
    }
}
