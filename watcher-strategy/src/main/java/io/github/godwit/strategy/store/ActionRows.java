package io.github.godwit.strategy.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.Action.Execution;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.ActionSummary;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The rows of actions. */
final class ActionRows {

    private static final String COLUMNS =
            "id, uuid, plan_uuid, action_type, state, parents, description, input_parameters, status_message, result,"
                    + " created_at, updated_at, ready_at, queued, started_at, ended_at, run_by, taken_over, transfers_since";

    /** Only the columns that lists show. */
    static final Table<ActionSummary> SUMMARIES = new Table<>(
            "actions",
            "uuid, plan_uuid, action_type, state, parents",
            (row, context) -> new ActionSummary(
                    Rows.uuid(row, "uuid"),
                    Rows.uuid(row, "plan_uuid"),
                    row.getString("action_type"),
                    Rows.constant(row, "state", ActionState.class),
                    parents(row)));

    private ActionRows() {}

    static ObjectTable<Action> table(Clock clock) {
        return new ObjectTable<>(
                clock,
                "actions",
                "Action",
                COLUMNS,
                (row, context) -> action(row),
                Map.of("state", "state", "action_type", "action_type", "action_plan_uuid", "plan_uuid"),
                Map.of("audit", "plan_uuid IN (SELECT uuid FROM action_plans WHERE audit_uuid = :f_audit)"));
    }

    private static List<UUID> parents(ResultSet row) throws SQLException {
        List<UUID> parents = new ArrayList<>();
        for (JsonNode parent : Rows.json(row, "parents")) {
            parents.add(UUID.fromString(parent.textValue()));
        }
        return parents;
    }

    private static Action action(ResultSet row) throws SQLException {
        return new Action(
                row.getLong("id"),
                Rows.uuid(row, "uuid"),
                Rows.uuid(row, "plan_uuid"),
                row.getString("action_type"),
                Rows.constant(row, "state", ActionState.class),
                parents(row),
                row.getString("description"),
                Rows.json(row, "input_parameters"),
                row.getString("status_message"),
                Rows.json(row, "result"),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "updated_at"),
                new Execution(
                        Rows.instant(row, "ready_at"),
                        row.getBoolean("queued"),
                        Rows.instant(row, "started_at"),
                        Rows.instant(row, "ended_at"),
                        row.getString("run_by"),
                        row.getBoolean("taken_over"),
                        Rows.instant(row, "transfers_since")));
    }
}
