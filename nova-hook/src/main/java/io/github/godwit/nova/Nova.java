package io.github.godwit.nova;

import static io.github.godwit.nova.OpenStackJson.list;
import static io.github.godwit.nova.OpenStackJson.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A client of Nova's compute API with the role admin. Thread-safe. All methods throw {@link OpenStackException} if Nova does not
 * answer or reports an error. Hosts are named by {@link #useNames}; without it, as in Nova.
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

    private final OpenStackCalls calls;
    private final OpenStackCalls eventCalls;
    private final OpenStackCalls zoneCalls;
    private final NovaMoves moves;
    private final NovaHosts hosts;
    private final NovaLiveMigrations liveMigrations;
    private volatile boolean reportsPinnedZones = true;
    private volatile HostNaming names = HostNaming.OWN;

    /** Creates a client; the user of the session needs the role admin. */
    public Nova(OpenStackSession session) {
        this.calls = OpenStackCalls.compute(session, MICROVERSION);
        this.eventCalls = OpenStackCalls.compute(session, EVENT_DETAILS);
        this.zoneCalls = OpenStackCalls.compute(session, PINNED_ZONES);
        this.moves = new NovaMoves(calls, () -> names);
        this.hosts = new NovaHosts(calls, () -> names);
        this.liveMigrations = new NovaLiveMigrations(calls, () -> names);
    }

    /** Sets the names of hosts, in answers and in requests. */
    public void useNames(HostNaming others) {
        names = others;
    }

    /** Returns the hosts. */
    public NovaHosts hosts() {
        return hosts;
    }

    /** Returns the moves of servers from host to host. */
    public NovaMoves moves() {
        return moves;
    }

    /** Returns the live migrations. */
    public NovaLiveMigrations liveMigrations() {
        return liveMigrations;
    }

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
     * @param hypervisor   hypervisor hostname, which is the {@link NovaHosts.Hypervisor#name} of its hypervisor, or null
     * @param missing      what Nova does not report about it and rules depend on, such as its flavor
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
            boolean volumeBacked,
            String hypervisor,
            List<String> missing) {

        private static final long GIB = 1L << 30;
        private static final long MIB = 1L << 20;

        /** A server about which Nova reports everything but its hypervisor. */
        public Server(
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
            this(
                    id,
                    name,
                    domain,
                    host,
                    project,
                    status,
                    task,
                    locked,
                    metadata,
                    flavor,
                    zone,
                    volumeBacked,
                    null,
                    List.of());
        }

        /** Copies the list. */
        public Server {
            missing = List.copyOf(missing);
        }

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
     * A server group.
     *
     * @param id      UUID
     * @param policy  anti-affinity, affinity, soft-anti-affinity or soft-affinity
     * @param members UUIDs of its servers
     */
    public record ServerGroup(String id, String policy, List<String> members) {}

    /** Returns the servers of all projects. */
    public List<Server> servers() {
        return withZones(nova -> nova.pages("/servers/detail", "servers", Map.of("all_tenants", "true"), this::server));
    }

    /**
     * Returns the UUIDs of servers whose cells do not answer. Nova returns them in no list with a limit, and at most as many as its own
     * limit ({@code [api] max_limit}) leaves.
     */
    public List<String> serversInDownCells() {
        return list(calls.get("/servers", Map.of("all_tenants", "true")).path("servers"), each -> each).stream()
                .filter(ServerRecords::inDownCell)
                .map(each -> each.path("id").asText())
                .toList();
    }

    /** Returns the UUIDs of the servers of all projects that Nova is live-migrating, which includes waiting in Nova's queue. */
    Set<String> migratingServers() {
        return Set.copyOf(calls.pages(
                "/servers",
                "servers",
                Map.of("all_tenants", "true", "status", "MIGRATING"),
                each -> each.path("id").asText()));
    }

    /**
     * Returns a server, if it exists.
     *
     * @throws OpenStackException also if its cell does not answer, so that Nova does not know its state
     */
    public Optional<Server> findServer(String id) {
        Optional<JsonNode> found = calls.find("/servers/" + id).map(answer -> answer.path("server"));
        if (found.filter(ServerRecords::inDownCell).isPresent()) {
            throw new OpenStackException(
                    OpenStackException.NO_ANSWER,
                    "Nova does not know the state of server %s, because its cell does not answer.".formatted(id),
                    null);
        }
        return found.map(this::server);
    }

    private Server server(JsonNode each) {
        return ServerRecords.server(each, names);
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

    /** Returns all flavors, public and private. */
    public List<Flavor> flavors() {
        return calls.pages(
                "/flavors/detail", "flavors", Map.of("is_public", "none"), each -> ServerRecords.flavor(each, "name"));
    }

    /** Returns the server groups of all projects. */
    public List<ServerGroup> groups() {
        return calls.pagesByOffset(
                "/os-server-groups",
                "server_groups",
                Map.of("all_projects", "true"),
                each -> new ServerGroup(
                        each.path("id").asText(),
                        each.path("policy").asText(),
                        list(each.path("members"), JsonNode::asText)));
    }

    /**
     * Starts a live migration. Nova decides whether block migration is needed.
     *
     * @param server UUID of the server
     * @param host   name of the destination host, which the scheduler has to accept; null to let the scheduler choose
     */
    public void liveMigrate(String server, String host) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("os-migrateLive").put("host", inNova(host)).put("block_migration", "auto");
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
            body.putObject("migrate").put("host", inNova(host));
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

    private String inNova(String host) {
        return host == null ? null : names.toNova(host);
    }

    private void act(String server, ObjectNode body) {
        calls.post("/servers/%s/action".formatted(server), body);
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
}
