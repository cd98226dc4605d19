package io.github.godwit.strategy.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.TrailEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The audit trail in the database. Lines are only added, and removed when they are old. */
public final class TrailStore {

    /** Length of the column for identities, which contain text of clients. */
    static final int LONGEST_TARGET = 512;

    private static final int LONGEST_PATH = 1000;
    private static final int LONGEST_NAME = 255;
    private static final String AUDIT = "audit_uuid";

    private static final Table<TrailEvent> TRAIL = new Table<>(
            "trail",
            "uuid, event_time, action, succeeded, target_type, target_id, user_id, user_name, project_id, roles,"
                    + " address, request_id, path, status, audit_uuid, instance",
            (row, context) -> read(row));

    /**
     * Which lines a list has; null for any.
     *
     * @param target UUID or name of what something was done to
     * @param user   id or name of the user
     * @param since  earliest time
     */
    public record Filter(String target, String user, Instant since) {}

    private static TrailEvent read(ResultSet row) throws SQLException {
        List<String> roles = new ArrayList<>();
        for (JsonNode role : Rows.json(row, "roles")) {
            roles.add(role.asText());
        }
        String audit = row.getString(AUDIT);
        return new TrailEvent(
                Rows.uuid(row, "uuid"),
                Rows.instant(row, "event_time"),
                row.getString("action"),
                row.getBoolean("succeeded"),
                new TrailEvent.Target(row.getString("target_type"), row.getString("target_id")),
                new TrailEvent.Initiator(
                        row.getString("user_id"),
                        row.getString("user_name"),
                        row.getString("project_id"),
                        roles,
                        row.getString("address")),
                new TrailEvent.Cause(
                        row.getString("request_id"),
                        row.getString("path"),
                        row.getInt("status"),
                        audit == null ? null : UUID.fromString(audit)),
                row.getString("instance"));
    }

    /** Adds a line. */
    public void add(Handle handle, TrailEvent event) {
        TrailEvent.Initiator initiator = event.initiator();
        TrailEvent.Cause cause = event.cause();
        UUID audit = cause.audit();
        TRAIL.insert(
                handle,
                new Values()
                        .set("uuid", event.uuid())
                        .set("event_time", event.time())
                        .set("action", event.action())
                        .set("succeeded", event.succeeded())
                        .set("target_type", event.target().type())
                        .set("target_id", cut(event.target().id(), LONGEST_TARGET))
                        .set("user_id", cut(initiator.id(), LONGEST_NAME))
                        .set("user_name", cut(initiator.name(), LONGEST_NAME))
                        .set("project_id", cut(initiator.project(), LONGEST_NAME))
                        .set("roles", Texts.json(initiator.roles()))
                        .set("address", initiator.address())
                        .set("request_id", cause.requestId())
                        .set("path", cut(cause.path(), LONGEST_PATH))
                        .set("status", cause.status())
                        .set(AUDIT, audit == null ? null : audit.toString())
                        .set("instance", event.instance()));
    }

    /** Which of these lines are there. */
    public Set<UUID> known(Handle handle, Collection<UUID> lines) {
        return lines.isEmpty()
                ? Set.of()
                : handle.createQuery("SELECT uuid FROM trail WHERE uuid IN (<lines>)")
                        .bindList("lines", lines.stream().map(UUID::toString).toList())
                        .mapTo(String.class)
                        .map(UUID::fromString)
                        .collect(Collectors.toSet());
    }

    private static String cut(String text, int most) {
        return text == null ? null : TextRule.cut(text, most);
    }

    /**
     * One page of lines, in the order in which they were written.
     *
     * @throws ServiceRefusal if the sort key or the marker is unknown
     */
    public List<TrailEvent> page(Handle handle, Page page, Filter filter) {
        if (!"id".equals(page.sortKey())) {
            throw ServiceRefusal.invalid(
                    "Invalid sort key: %s. The trail is sorted by id, its order in time.".formatted(page.sortKey()));
        }
        List<String> conditions = new ArrayList<>(List.of("1 = 1"));
        Map<String, Object> parameters = new HashMap<>();
        if (filter.target() != null) {
            conditions.add("target_id = :target");
            parameters.put("target", filter.target());
        }
        if (filter.user() != null) {
            conditions.add("(user_name = :user OR user_id = :user)");
            parameters.put("user", filter.user());
        }
        if (filter.since() != null) {
            conditions.add("event_time >= :since");
            parameters.put("since", filter.since().toEpochMilli());
        }
        if (page.marker() != null) {
            conditions.add("id %s :marker".formatted(page.descending() ? "<" : ">"));
            parameters.put("marker", id(handle, page.marker()));
        }
        parameters.put("limit", page.limit());
        return TRAIL.select(
                        handle,
                        "WHERE %s ORDER BY id %s LIMIT :limit"
                                .formatted(String.join(" AND ", conditions), page.descending() ? "DESC" : "ASC"),
                        parameters)
                .list();
    }

    private static long id(Handle handle, UUID uuid) {
        return handle.createQuery("SELECT id FROM trail WHERE uuid = :uuid")
                .bind("uuid", uuid.toString())
                .mapTo(Long.class)
                .findOne()
                .orElseThrow(() -> ServiceRefusal.notFound("The trail has no line %s.".formatted(uuid)));
    }
}
