package io.github.godwit.strategy.store;

import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.Audit;
import io.github.godwit.strategy.objects.AuditState;
import io.github.godwit.strategy.objects.AuditType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The audits of the database. All methods work on a handle of the caller, who decides what is one transaction. */
public final class AuditStore {

    private static final String COLUMNS =
            "id, uuid, name, audit_type, state, goal, strategy, parameters, run_interval, scope, auto_trigger, forced,"
                    + " next_run_time, start_time, end_time, hostname, status_message, created_at, updated_at";

    private static final RowMapper<Audit> MAPPER = (row, context) -> read(row);

    private final Clock clock;
    private final Listing<Audit> listing;

    /**
     * @param clock        for the times of changes
     * @param goalUuid     SQL expression that gives a goal's UUID for the column {@code goal}
     * @param strategyUuid the same for {@code strategy}
     */
    public AuditStore(Clock clock, String goalUuid, String strategyUuid) {
        this.clock = clock;
        this.listing = new Listing<>(
                "audits",
                COLUMNS,
                Map.ofEntries(
                        Map.entry("id", "id"),
                        Map.entry("uuid", "uuid"),
                        Map.entry("name", "name"),
                        Map.entry("audit_type", "audit_type"),
                        Map.entry("state", "state"),
                        Map.entry("goal_name", "goal"),
                        Map.entry("goal_uuid", goalUuid),
                        Map.entry("strategy_name", "strategy"),
                        Map.entry("strategy_uuid", strategyUuid),
                        Map.entry("interval", "COALESCE(run_interval, '')"),
                        Map.entry("auto_trigger", "CASE WHEN auto_trigger THEN 1 ELSE 0 END"),
                        Map.entry("force", "CASE WHEN forced THEN 1 ELSE 0 END"),
                        Map.entry("next_run_time", "COALESCE(next_run_time, 0)"),
                        Map.entry("start_time", "COALESCE(start_time, 0)"),
                        Map.entry("end_time", "COALESCE(end_time, 0)"),
                        Map.entry("hostname", "COALESCE(hostname, '')"),
                        Map.entry("created_at", "created_at"),
                        Map.entry("updated_at", "COALESCE(updated_at, 0)")),
                Map.of(),
                "Audit",
                MAPPER);
    }

    private static Audit read(ResultSet row) throws SQLException {
        return new Audit(
                row.getLong("id"),
                Rows.uuid(row, "uuid"),
                row.getString("name"),
                Rows.constant(row, "audit_type", AuditType.class),
                Rows.constant(row, "state", AuditState.class),
                row.getString("goal"),
                row.getString("strategy"),
                Rows.json(row, "parameters"),
                row.getString("run_interval"),
                Rows.json(row, "scope"),
                row.getBoolean("auto_trigger"),
                row.getBoolean("forced"),
                Rows.instant(row, "next_run_time"),
                Rows.instant(row, "start_time"),
                Rows.instant(row, "end_time"),
                row.getString("hostname"),
                row.getString("status_message"),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "updated_at"));
    }

    /**
     * Stores a new audit.
     *
     * @throws ServiceRefusal when its name is taken
     */
    public void insert(Handle handle, Audit audit) {
        if (find(handle, audit.name()).isPresent()) {
            throw ServiceRefusal.conflict("An audit with UUID or name %s already exists".formatted(audit.name()));
        }
        handle.createUpdate(
                        "INSERT INTO audits (uuid, name, audit_type, state, goal, strategy, parameters, run_interval, scope,"
                                + " auto_trigger, forced, next_run_time, start_time, end_time, created_at) VALUES (:uuid, :name,"
                                + " :type, :state, :goal, :strategy, :parameters, :interval, :scope, :auto_trigger, :forced, :next,"
                                + " :start, :end, :created)")
                .bind("uuid", audit.uuid().toString())
                .bind("name", audit.name())
                .bind("type", audit.type().name())
                .bind("state", audit.state().name())
                .bind("goal", audit.goal())
                .bind("strategy", audit.strategy())
                .bind("parameters", Texts.json(audit.parameters()))
                .bind("interval", audit.interval())
                .bind("scope", Texts.json(audit.scope()))
                .bind("auto_trigger", audit.autoTrigger())
                .bind("forced", audit.force())
                .bind("next", Rows.millis(audit.nextRunTime()))
                .bind("start", Rows.millis(audit.startTime()))
                .bind("end", Rows.millis(audit.endTime()))
                .bind("created", Rows.millis(audit.createdAt()))
                .execute();
    }

    /** An audit by its UUID or its name. */
    public Optional<Audit> find(Handle handle, String identity) {
        return handle.createQuery(
                        "SELECT %s FROM audits WHERE deleted_at IS NULL AND (uuid = :identity OR name = :identity)"
                                .formatted(COLUMNS))
                .bind("identity", identity)
                .map(MAPPER)
                .findFirst();
    }

    /**
     * An audit by its UUID or name.
     *
     * @throws ServiceRefusal when there is none
     */
    public Audit get(Handle handle, String identity) {
        return find(handle, identity)
                .orElseThrow(() -> ServiceRefusal.notFound("Audit %s could not be found".formatted(identity)));
    }

    /** One page of them. */
    public List<Audit> page(Handle handle, Page page, Map<String, Object> filters) {
        return listing.page(handle, page, filters);
    }

    /** All in one of these states. */
    public List<Audit> in(Handle handle, Collection<AuditState> states) {
        return states.stream()
                .flatMap(state -> listing.where(handle, Map.of("state", state.name())).stream())
                .toList();
    }

    /**
     * Changes the state, if it is still what the caller thinks.
     *
     * @param message what there is to say, or null
     * @return whether it was
     */
    public boolean change(Handle handle, UUID uuid, AuditState from, AuditState to, String hostname, String message) {
        return handle.createUpdate(
                                "UPDATE audits SET state = :to, hostname = COALESCE(:host, hostname), status_message = :message,"
                                        + " updated_at = :now WHERE uuid = :uuid AND state = :from AND deleted_at IS NULL")
                        .bind("to", to.name())
                        .bind("host", hostname)
                        .bind("message", message)
                        .bind("now", clock.millis())
                        .bind("uuid", uuid.toString())
                        .bind("from", from.name())
                        .execute()
                == 1;
    }

    /** Stores what a client may change, where the state is still what the caller thinks; tells whether it was. */
    public boolean update(Handle handle, Audit changed, AuditState from) {
        return handle.createUpdate("UPDATE audits SET name = :name, state = :state, parameters = :parameters,"
                                + " run_interval = :interval, auto_trigger = :auto_trigger, forced = :forced,"
                                + " start_time = :start, end_time = :end, updated_at = :now"
                                + " WHERE uuid = :uuid AND state = :from AND deleted_at IS NULL")
                        .bind("name", changed.name())
                        .bind("state", changed.state().name())
                        .bind("parameters", Texts.json(changed.parameters()))
                        .bind("interval", changed.interval())
                        .bind("auto_trigger", changed.autoTrigger())
                        .bind("forced", changed.force())
                        .bind("start", Rows.millis(changed.startTime()))
                        .bind("end", Rows.millis(changed.endTime()))
                        .bind("now", clock.millis())
                        .bind("uuid", changed.uuid().toString())
                        .bind("from", from.name())
                        .execute()
                == 1;
    }

    /** Notes when a continuous audit runs next. */
    public void runsNext(Handle handle, UUID uuid, Instant next) {
        handle.createUpdate("UPDATE audits SET next_run_time = :next WHERE uuid = :uuid")
                .bind("next", Rows.millis(next))
                .bind("uuid", uuid.toString())
                .execute();
    }

    /** Archives an audit; its name is free again. */
    public void delete(Handle handle, UUID uuid) {
        handle.createUpdate("UPDATE audits SET state = 'DELETED', deleted_at = :now, live = id WHERE uuid = :uuid")
                .bind("now", clock.millis())
                .bind("uuid", uuid.toString())
                .execute();
    }
}
