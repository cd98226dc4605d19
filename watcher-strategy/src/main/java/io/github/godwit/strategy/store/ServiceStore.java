package io.github.godwit.strategy.store;

import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The instances of the service and when each was last seen. */
public final class ServiceStore {

    /**
     * A part of an instance, as Watcher lists its services.
     *
     * @param id         its number in the database
     * @param name       {@code watcher-decision-engine} or {@code watcher-applier}
     * @param host       name of the instance
     * @param createdAt  when it was first seen
     * @param lastSeenUp when it was last seen
     */
    public record Service(long id, String name, String host, Instant createdAt, Instant lastSeenUp) {}

    private static final Table<Service> SERVICES = new Table<>(
            "services",
            "id, name, host, created_at, last_seen_up",
            (row, context) -> new Service(
                    row.getLong("id"),
                    row.getString("name"),
                    row.getString("host"),
                    Rows.instant(row, "created_at"),
                    Rows.instant(row, "last_seen_up")));

    private static final Map<String, String> SORT_COLUMNS = Map.of(
            "id", "id", "name", "name", "host", "host", "last_seen_up", "last_seen_up", "created_at", "created_at");

    private final Clock clock;

    /** Takes the times from this clock. */
    public ServiceStore(Clock clock) {
        this.clock = clock;
    }

    /** Stores that a service is alive now. */
    public void seen(Handle handle, String name, String host) {
        Values seen = new Values().set("last_seen_up", clock.instant());
        int known = SERVICES.update(handle, seen, "name = :name AND host = :host", Map.of("name", name, "host", host));
        if (known == 0) {
            SERVICES.insert(handle, seen.set("name", name).set("host", host).set("created_at", clock.instant()));
        }
    }

    /** The names of the instances that were seen since a time. */
    public Set<String> aliveSince(Handle handle, Instant time) {
        return SERVICES.select(handle, "WHERE last_seen_up >= :since", Map.of("since", time.toEpochMilli())).stream()
                .map(Service::host)
                .collect(Collectors.toSet());
    }

    /**
     * All services, sorted.
     *
     * @throws ServiceRefusal if the sort key is unknown
     */
    public List<Service> all(Handle handle, String sortKey, boolean descending) {
        String column = SORT_COLUMNS.get(sortKey);
        if (column == null) {
            throw ServiceRefusal.invalid("Invalid sort key: " + sortKey);
        }
        String order = "ORDER BY %s %s, id".formatted(column, descending ? "DESC" : "ASC");
        return SERVICES.select(handle, order, Map.of()).list();
    }

    /**
     * A service by its number or name.
     *
     * @throws ServiceRefusal if there is none
     */
    public Service get(Handle handle, String identity) {
        return all(handle, "id", false).stream()
                .filter(service -> String.valueOf(service.id()).equals(identity)
                        || service.name().equals(identity))
                .findFirst()
                .orElseThrow(() -> ServiceRefusal.notFound("The service %s cannot be found.".formatted(identity)));
    }
}
