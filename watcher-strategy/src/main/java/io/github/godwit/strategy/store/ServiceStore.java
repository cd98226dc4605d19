package io.github.godwit.strategy.store;

import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Which instances there are and when each was last seen. */
public final class ServiceStore {

    /**
     * A part of an instance, as Watcher lists its services.
     *
     * @param id         its number
     * @param name       {@code watcher-decision-engine} or {@code watcher-applier}
     * @param host       the instance
     * @param createdAt  when it was first seen
     * @param lastSeenUp when it was last seen
     */
    public record Service(long id, String name, String host, Instant createdAt, Instant lastSeenUp) {}

    private static final String SELECT = "SELECT id, name, host, created_at, last_seen_up FROM services";

    private static final RowMapper<Service> MAPPER = (row, context) -> new Service(
            row.getLong("id"),
            row.getString("name"),
            row.getString("host"),
            Rows.instant(row, "created_at"),
            Rows.instant(row, "last_seen_up"));

    private static final Map<String, String> SORT_COLUMNS = Map.of(
            "id", "id", "name", "name", "host", "host", "last_seen_up", "last_seen_up", "created_at", "created_at");

    private final Clock clock;

    /** Tells the time by this clock. */
    public ServiceStore(Clock clock) {
        this.clock = clock;
    }

    /** A service is alive. */
    public void seen(Handle handle, String name, String host) {
        int updated = handle.createUpdate("UPDATE services SET last_seen_up = :now WHERE name = :name AND host = :host")
                .bind("now", clock.millis())
                .bind("name", name)
                .bind("host", host)
                .execute();
        if (updated == 0) {
            handle.createUpdate(
                            "INSERT INTO services (name, host, created_at, last_seen_up) VALUES (:name, :host, :now, :now)")
                    .bind("now", clock.millis())
                    .bind("name", name)
                    .bind("host", host)
                    .execute();
        }
    }

    /**
     * All of them in an order.
     *
     * @throws ServiceRefusal when the sort key is unknown
     */
    public List<Service> all(Handle handle, String sortKey, boolean descending) {
        String column = SORT_COLUMNS.get(sortKey);
        if (column == null) {
            throw ServiceRefusal.invalid("Invalid sort key: " + sortKey);
        }
        return handle.createQuery("%s ORDER BY %s %s, id".formatted(SELECT, column, descending ? "DESC" : "ASC"))
                .map(MAPPER)
                .list();
    }

    /**
     * One by its number or name.
     *
     * @throws ServiceRefusal when there is none
     */
    public Service get(Handle handle, String identity) {
        return all(handle, "id", false).stream()
                .filter(service -> String.valueOf(service.id()).equals(identity)
                        || service.name().equals(identity))
                .findFirst()
                .orElseThrow(() -> ServiceRefusal.notFound("The service %s cannot be found.".formatted(identity)));
    }
}
