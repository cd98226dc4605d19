package io.github.godwit.strategy.store;

import io.github.godwit.strategy.common.ServiceRefusal;
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

/** The audits in the database. All methods use a handle of the caller, who decides what is one transaction. */
public final class AuditStore {

    private static final String COLUMNS =
            "id, uuid, name, audit_type, state, goal, strategy, parameters, run_interval, scope, auto_trigger, forced,"
                    + " next_run_time, start_time, end_time, hostname, status_message, created_at, updated_at";

    private final ObjectTable<Audit> audits;

    /**
     * @param clock        for the times of changes
     * @param goalUuid     SQL expression for the UUID of the goal in column {@code goal}
     * @param strategyUuid the same for {@code strategy}
     */
    public AuditStore(Clock clock, String goalUuid, String strategyUuid) {
        this.audits = new ObjectTable<>(
                clock,
                "audits",
                "Audit",
                COLUMNS,
                (row, context) -> read(row),
                Map.ofEntries(
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
                        Map.entry("hostname", "COALESCE(hostname, '')")),
                Map.of());
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

    /** What a client may change of an audit, besides its state. */
    private static Values changeable(Audit audit) {
        return new Values()
                .set("name", audit.name())
                .set("parameters", audit.parameters())
                .set("run_interval", audit.interval())
                .set("auto_trigger", audit.autoTrigger())
                .set("forced", audit.force())
                .set("start_time", audit.startTime())
                .set("end_time", audit.endTime());
    }

    /**
     * Stores a new audit.
     *
     * @throws ServiceRefusal if its name is taken
     */
    public void insert(Handle handle, Audit audit) {
        if (find(handle, audit.name()).isPresent()) {
            throw ServiceRefusal.conflict("An audit with UUID or name %s already exists".formatted(audit.name()));
        }
        audits.insert(
                handle,
                changeable(audit)
                        .set("uuid", audit.uuid())
                        .set("audit_type", audit.type())
                        .set("state", audit.state())
                        .set("goal", audit.goal())
                        .set("strategy", audit.strategy())
                        .set("scope", audit.scope())
                        .set("next_run_time", audit.nextRunTime())
                        .set("created_at", audit.createdAt()));
    }

    /** An audit by its UUID or its name. */
    public Optional<Audit> find(Handle handle, String identity) {
        return audits.find(handle, identity);
    }

    /**
     * An audit by its UUID or name.
     *
     * @throws ServiceRefusal if there is none
     */
    public Audit get(Handle handle, String identity) {
        return audits.get(handle, identity);
    }

    /** One page of audits with these values, by column. */
    public List<Audit> page(Handle handle, Page page, Map<String, Object> filters) {
        return audits.page(handle, page, filters);
    }

    /** All audits in one of these states. */
    public List<Audit> in(Handle handle, Collection<AuditState> states) {
        return audits.in(handle, states);
    }

    /**
     * Changes the state, if it still is what the caller read.
     *
     * @param hostname the instance that works on it, or null to leave that as it is
     * @param message  the status message, or null for none
     * @return whether it was
     */
    public boolean change(Handle handle, UUID uuid, AuditState from, AuditState to, String hostname, String message) {
        Values changes = new Values().setUnlessNull("hostname", hostname).set("status_message", message);
        return audits.change(handle, uuid, from, to, changes);
    }

    /** Stores what a client may change, if the state still is what the caller read; returns whether it was. */
    public boolean update(Handle handle, Audit changed, AuditState from) {
        return audits.change(handle, changed.uuid(), from, changed.state(), changeable(changed));
    }

    /** Stores when a continuous audit runs next; null for never. */
    public void runsNext(Handle handle, UUID uuid, Instant next) {
        audits.update(handle, uuid, new Values().set("next_run_time", next));
    }

    /** Archives an audit; its name is free again. */
    public void delete(Handle handle, UUID uuid) {
        audits.delete(handle, "uuid", uuid);
    }
}
