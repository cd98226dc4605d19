package io.github.godwit.nova;

import static io.github.godwit.nova.OpenStackJson.list;
import static io.github.godwit.nova.OpenStackJson.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The live migrations of {@link Nova}, running and ended. Thread-safe. All methods throw {@link OpenStackException} if Nova does not
 * answer or reports an error.
 */
public final class NovaLiveMigrations {

    private static final String LIVE_MIGRATION = "live-migration";

    /** Enough for those in progress, because Nova returns the newest first. */
    private static final String NEWEST = "100";

    private final OpenStackCalls calls;
    private final Supplier<HostNaming> names;

    NovaLiveMigrations(OpenStackCalls calls, Supplier<HostNaming> names) {
        this.calls = calls;
        this.names = names;
    }

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

    /** Returns the live migrations in progress of a server. */
    public List<ServerMigration> running(String server) {
        return list(
                calls.get("/servers/%s/migrations".formatted(server), Map.of()).path("migrations"),
                each -> new ServerMigration(
                        each.path("id").asLong(),
                        each.path("status").asText(),
                        ofNova(each.path("source_compute").asText()),
                        ofNova(text(each, "dest_compute")),
                        each.path("memory_total_bytes").asLong(),
                        each.path("memory_processed_bytes").asLong(),
                        each.path("memory_remaining_bytes").asLong()));
    }

    /** Returns the records of a server's live migrations, the newest first, including those that have ended. */
    public List<MigrationRecord> of(String server) {
        return records("instance_uuid", server);
    }

    /** Returns the records of the newest live migrations from or to a host, the newest first. */
    public List<MigrationRecord> ofHost(String host) {
        return records("host", names.get().toNova(host));
    }

    /** Returns the records of the newest live migrations of all servers, the newest first, including those that have ended. */
    List<MigrationRecord> newest() {
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
                        ofNova(each.path("source_compute").asText()),
                        ofNova(text(each, "dest_compute"))));
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

    private String ofNova(String host) {
        return host == null ? null : names.get().ofNova(host);
    }
}
