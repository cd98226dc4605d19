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
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The audits in the database. All methods use a handle of the caller, who decides what is one transaction. */
public final class AuditStore {

    private static final String COLUMNS =
            "id, uuid, name, audit_type, state, goal, strategy, parameters, run_interval, scope, auto_trigger, forced,"
                    + " next_run_time, start_time, end_time, hostname, status_message, created_at, updated_at, run_by";

    private static final String RUN_BY = "run_by";
    private static final String NEXT = "next_run_time";
    private static final String MESSAGE = "status_message";

    /** Filter by the instance that runs an audit; empty for none. */
    private static final String RUNNER = "runner";

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
                Map.of(RUNNER, "COALESCE(run_by, '') = :f_runner"));
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
                Rows.instant(row, NEXT),
                Rows.instant(row, "start_time"),
                Rows.instant(row, "end_time"),
                row.getString("hostname"),
                row.getString(MESSAGE),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "updated_at"),
                row.getString(RUN_BY));
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
                        .set(NEXT, audit.nextRunTime())
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
        Values changes = new Values().setUnlessNull("hostname", hostname).set(MESSAGE, message);
        return audits.change(handle, uuid, from, to, changes);
    }

    /**
     * Stores what a client may change, if the state still is what the caller read; returns whether it was. A run of an audit that is not
     * ongoing any more counts no longer.
     */
    public boolean update(Handle handle, Audit changed, AuditState from) {
        Values changes = changeable(changed);
        if (changed.state() != AuditState.ONGOING) {
            changes.set(RUN_BY, (String) null);
        }
        return audits.change(handle, changed.uuid(), from, changed.state(), changes);
    }

    /** Begins a run on an instance, if state and instance of the audit still are what the caller read; returns whether they were. */
    public boolean begin(Handle handle, Audit audit, String instance) {
        Values changes = new Values().set("hostname", instance).set(RUN_BY, instance);
        return change(handle, audit, AuditState.ONGOING, changes);
    }

    /**
     * Notes which slot an audit waits for that does not run, if state and instance still are what the caller read; returns whether they were.
     *
     * @param message the status message, or null to leave it as it is
     */
    public boolean waits(Handle handle, Audit audit, Instant next, String message) {
        Values changes = new Values().set(RUN_BY, (String) null).set(NEXT, next).setUnlessNull(MESSAGE, message);
        return change(handle, audit, audit.state(), changes);
    }

    /** Ends an audit that does not run, if state and instance still are what the caller read; returns whether they were. */
    public boolean over(Handle handle, Audit audit, AuditState to, String message) {
        return change(handle, audit, to, new Values().set(RUN_BY, (String) null).set(MESSAGE, message));
    }

    private boolean change(Handle handle, Audit audit, AuditState to, Values changes) {
        Map<String, Object> wanted =
                Map.of("uuid", audit.uuid().toString(), RUNNER, Objects.requireNonNullElse(audit.runBy(), ""));
        return audits.changeAll(handle, wanted, audit.state(), to, changes) == 1;
    }

    /**
     * Ends the run of an audit on an instance, unless it counts no longer; returns whether it counted.
     *
     * @param to      state of the audit after the run
     * @param message the status message
     */
    public boolean end(Handle handle, UUID uuid, String instance, AuditState to, String message) {
        Values changes = new Values().set(RUN_BY, (String) null).set(MESSAGE, message);
        Map<String, Object> wanted = Map.of("uuid", uuid.toString(), RUNNER, instance);
        return audits.changeAll(handle, wanted, AuditState.ONGOING, to, changes) == 1;
    }

    /** Leaves the audits that an instance runs to whichever checks them first. */
    public void release(Handle handle, String instance) {
        audits.changeAll(
                handle,
                Map.of(RUNNER, instance),
                AuditState.ONGOING,
                AuditState.ONGOING,
                new Values().set(RUN_BY, (String) null));
    }

    /** Stores the next slot of a continuous audit. */
    public void runsNext(Handle handle, UUID uuid, Instant next) {
        audits.update(handle, uuid, new Values().set(NEXT, next));
    }

    /** Archives an audit; its name is free again. */
    public void delete(Handle handle, UUID uuid) {
        audits.delete(handle, "uuid", uuid);
    }
}
