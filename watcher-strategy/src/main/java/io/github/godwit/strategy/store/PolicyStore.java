package io.github.godwit.strategy.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The versions of the policies that operators changed or added. A change adds a version and leaves the earlier ones. */
public final class PolicyStore {

    /**
     * One version of a policy.
     *
     * @param name      name of the policy
     * @param version   counts from 1 with each change
     * @param body      the policy as it was sent
     * @param createdAt when it was stored
     */
    public record Version(String name, int version, JsonNode body, Instant createdAt) {}

    private static final Table<Version> POLICIES = new Table<>(
            "policies",
            "name, version, body, created_at",
            (row, context) -> new Version(
                    row.getString("name"),
                    row.getInt("version"),
                    Rows.json(row, "body"),
                    Rows.instant(row, "created_at")));

    private final Clock clock;

    /** Takes the times of changes from this clock. */
    public PolicyStore(Clock clock) {
        this.clock = clock;
    }

    /** All versions of policies that are not deleted, oldest first. */
    public List<Version> current(Handle handle) {
        return POLICIES.select(handle, "WHERE deleted_at IS NULL ORDER BY id", Map.of())
                .list();
    }

    /** All versions that ever were, oldest first. */
    public List<Version> all(Handle handle) {
        return POLICIES.select(handle, "ORDER BY id", Map.of()).list();
    }

    /** Stores the next version of a policy; the first one is 1. */
    public Version add(Handle handle, String name, JsonNode body) {
        int newest = handle.createQuery("SELECT COALESCE(MAX(version), 0) FROM policies WHERE name = :name")
                .bind("name", name)
                .mapTo(Integer.class)
                .one();
        Version added = new Version(name, newest + 1, body, clock.instant());
        POLICIES.insert(
                handle,
                new Values()
                        .set("name", name)
                        .set("version", added.version())
                        .set("body", body)
                        .set("created_at", added.createdAt()));
        return added;
    }

    /** Deletes all versions of a policy; returns whether there was one. */
    public boolean delete(Handle handle, String name) {
        Values deleted = new Values().set("deleted_at", clock.instant());
        return POLICIES.update(handle, deleted, "name = :name AND deleted_at IS NULL", Map.of("name", name)) > 0;
    }
}
