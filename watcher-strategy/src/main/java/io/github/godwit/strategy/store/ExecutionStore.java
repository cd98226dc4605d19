package io.github.godwit.strategy.store;

import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Which actions run and on which instance, and which wait, in the database. */
public final class ExecutionStore {

    private static final String MIGRATE = "migrate";
    private static final String STATE = "state";
    private static final String RUN_BY = "run_by";
    private static final String RUNS = "deleted_at IS NULL AND state IN ('ONGOING', 'CANCELLING')";

    /**
     * An action that has begun and not ended.
     *
     * @param action UUID of the action
     * @param plan   UUID of its plan
     * @param runBy  name of the instance that runs it, or null
     */
    public record Begun(UUID action, UUID plan, String runBy) {}

    private static final Table<Begun> BEGUN = new Table<>(
            "actions",
            "uuid, plan_uuid, run_by",
            (row, context) -> new Begun(Rows.uuid(row, "uuid"), Rows.uuid(row, "plan_uuid"), row.getString(RUN_BY)));

    private final ObjectTable<Action> actions;
    private final Clock clock;

    /** Takes the times of changes from this clock. */
    public ExecutionStore(Clock clock) {
        this.clock = clock;
        this.actions = ActionRows.table(clock);
    }

    /** The migrations of all plans that have begun and not ended, whichever instance runs them. */
    public List<Action> runningMigrations(Handle handle) {
        return Stream.of(ActionState.ONGOING, ActionState.CANCELLING)
                .flatMap(state -> actions.where(handle, Map.of("action_type", MIGRATE, STATE, state.name())).stream())
                .toList();
    }

    /**
     * The migrations that have succeeded or failed after a time, the latest first.
     *
     * @param most how many at most
     */
    public List<EndedMigration> endedMigrations(Handle handle, Instant since, int most) {
        return EndedMigration.ROWS
                .select(
                        handle,
                        "WHERE ended_at > :since AND deleted_at IS NULL AND action_type = :type"
                                + " AND state IN ('SUCCEEDED', 'FAILED') ORDER BY ended_at DESC, id DESC LIMIT :most",
                        Map.of("since", since.toEpochMilli(), "type", MIGRATE, "most", most))
                .list();
    }

    /** The migrations of all plans that wait for a place in the budget. */
    public List<Action> queuedMigrations(Handle handle) {
        return actions.where(handle, Map.of("action_type", MIGRATE, STATE, ActionState.PENDING.name(), "queued", true));
    }

    /** Begins a pending action on an instance; returns whether it still was pending. */
    public boolean begin(Handle handle, UUID action, String instance) {
        Values changes = new Values()
                .set("status_message", (String) null)
                .set("started_at", clock.instant())
                .set("queued", false)
                .set(RUN_BY, instance);
        return actions.change(handle, action, ActionState.PENDING, ActionState.ONGOING, changes);
    }

    /** Notes what a running action waited for until now: its real begin is now. */
    public void beginsOnlyNow(Handle handle, UUID action) {
        actions.change(
                handle,
                action,
                ActionState.ONGOING,
                ActionState.ONGOING,
                new Values().set("started_at", clock.instant()));
    }

    /** Notes that a running migration begins to send its VM now. */
    public void transfers(Handle handle, UUID action) {
        actions.change(
                handle,
                action,
                ActionState.ONGOING,
                ActionState.ONGOING,
                new Values().set("transfers_since", clock.instant()));
    }

    /** Puts back a running action that has changed nothing yet, so that it begins again; returns whether it was running. */
    public boolean putBack(Handle handle, UUID action) {
        Values changes = new Values()
                .set("status_message", (String) null)
                .set("started_at", (Instant) null)
                .set(RUN_BY, (String) null)
                .set("transfers_since", (Instant) null)
                .set("taken_over", false);
        return actions.change(handle, action, ActionState.ONGOING, ActionState.PENDING, changes);
    }

    /**
     * Stores what a pending action waits for; returns whether it still was pending.
     *
     * @param readyAt since when it could begin but for that, or null
     * @param queued  whether it waits for a place in the budget
     * @param message the status message, or null
     */
    public boolean waits(Handle handle, UUID action, Instant readyAt, boolean queued, String message) {
        Values changes =
                new Values().set("ready_at", readyAt).set("queued", queued).set("status_message", message);
        return actions.change(handle, action, ActionState.PENDING, ActionState.PENDING, changes);
    }

    /** All actions that have begun and not ended. */
    public List<Begun> begun(Handle handle) {
        return BEGUN.select(handle, "WHERE " + RUNS + " ORDER BY id", Map.of()).list();
    }

    /** Makes an instance run an action that had begun elsewhere or before; returns whether nobody else did that meanwhile. */
    public boolean takeOver(Handle handle, Begun begun, String instance) {
        Values changes = new Values().set(RUN_BY, instance).set("taken_over", true);
        return BEGUN.update(
                        handle,
                        changes,
                        RUNS + " AND uuid = :uuid AND COALESCE(run_by, '') = :before",
                        Map.of(
                                "uuid",
                                begun.action().toString(),
                                "before",
                                Objects.requireNonNullElse(begun.runBy(), "")))
                == 1;
    }

    /** Leaves the actions that an instance runs to whichever takes them over first. */
    public void release(Handle handle, String instance) {
        BEGUN.update(
                handle,
                new Values().set(RUN_BY, (String) null),
                RUNS + " AND run_by = :instance",
                Map.of("instance", instance));
    }

    /** Notes that a plan has taken note of the end of an action. */
    public void noted(Handle handle, UUID action) {
        actions.update(handle, action, new Values().set(RUN_BY, (String) null));
    }
}
