package io.github.godwit.strategy.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * The versions of the traffic classes that operators changed or added, and of their bounds for single projects. A change adds a version
 * and leaves the earlier ones.
 */
public final class TrafficClassStore {

    /** The project of a row that is about a class itself. */
    public static final String NO_PROJECT = "";

    /**
     * One version.
     *
     * @param name    name of the class
     * @param project UUID of the project that has bounds of its own, or {@link #NO_PROJECT}
     * @param version counts from 1 with each change
     * @param body    what was sent
     */
    public record Version(String name, String project, int version, JsonNode body) {}

    private static final Table<Version> CLASSES = new Table<>(
            "traffic_classes",
            "name, project, version, body",
            (row, context) -> new Version(
                    row.getString("name"), row.getString("project"), row.getInt("version"), Rows.json(row, "body")));

    private final Clock clock;

    /** Takes the times of changes from this clock. */
    public TrafficClassStore(Clock clock) {
        this.clock = clock;
    }

    /** All versions that are not deleted, oldest first. */
    public List<Version> current(Handle handle) {
        return CLASSES.select(handle, "WHERE deleted_at IS NULL ORDER BY id", Map.of())
                .list();
    }

    /** A number that every change increases. */
    public long changes(Handle handle) {
        return handle.createQuery("SELECT COUNT(*) + COUNT(deleted_at) FROM traffic_classes")
                .mapTo(Long.class)
                .one();
    }

    /** Stores the next version; the first one is 1. */
    public Version add(Handle handle, String name, String project, JsonNode body) {
        int newest = handle.createQuery(
                        "SELECT COALESCE(MAX(version), 0) FROM traffic_classes WHERE name = :name AND project = :project")
                .bind("name", name)
                .bind("project", project)
                .mapTo(Integer.class)
                .one();
        Version added = new Version(name, project, newest + 1, body);
        CLASSES.insert(
                handle,
                new Values()
                        .set("name", name)
                        .set("project", project)
                        .set("version", added.version())
                        .set("body", body)
                        .set("created_at", clock.instant()));
        return added;
    }

    /** Deletes the versions of a class, or of its bounds for a project; returns whether there were any. */
    public boolean delete(Handle handle, String name, String project) {
        return CLASSES.update(
                        handle,
                        new Values().set("deleted_at", clock.instant()),
                        "name = :name AND project = :project AND deleted_at IS NULL",
                        Map.of("name", name, "project", project))
                > 0;
    }

    /** Deletes the versions of a class and of its bounds for all projects; returns whether there were any. */
    public boolean deleteAll(Handle handle, String name) {
        return CLASSES.update(
                        handle,
                        new Values().set("deleted_at", clock.instant()),
                        "name = :name AND deleted_at IS NULL",
                        Map.of("name", name))
                > 0;
    }
}
