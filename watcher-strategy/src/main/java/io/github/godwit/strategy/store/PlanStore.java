package io.github.godwit.strategy.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The action plans of the database with their actions. */
public final class PlanStore {

    private static final String PLAN_COLUMNS =
            "id, uuid, audit_uuid, strategy, state, efficacy_indicators, global_efficacy, on_failure, parallel, hostname,"
                    + " status_message, created_at, updated_at";

    private static final String ACTION_COLUMNS =
            "id, uuid, plan_uuid, action_type, state, parents, description, input_parameters, status_message, result,"
                    + " created_at, updated_at";

    private static final RowMapper<ActionPlan> PLAN = (row, context) -> plan(row);
    private static final RowMapper<Action> ACTION = (row, context) -> action(row);

    private final Clock clock;
    private final Listing<ActionPlan> plans;
    private final Listing<Action> actions;

    /**
     * @param clock        for the times of changes
     * @param strategyUuid SQL expression that gives a strategy's UUID for the column {@code strategy}
     */
    public PlanStore(Clock clock, String strategyUuid) {
        this.clock = clock;
        this.plans = new Listing<>(
                "action_plans",
                PLAN_COLUMNS,
                Map.of(
                        "id", "id",
                        "uuid", "uuid",
                        "state", "state",
                        "audit_uuid", "audit_uuid",
                        "strategy_name", "strategy",
                        "strategy_uuid", strategyUuid,
                        "hostname", "COALESCE(hostname, '')",
                        "created_at", "created_at",
                        "updated_at", "COALESCE(updated_at, 0)"),
                Map.of(),
                "ActionPlan",
                PLAN);
        this.actions = new Listing<>(
                "actions",
                ACTION_COLUMNS,
                Map.of(
                        "id", "id",
                        "uuid", "uuid",
                        "state", "state",
                        "action_type", "action_type",
                        "action_plan_uuid", "plan_uuid",
                        "created_at", "created_at",
                        "updated_at", "COALESCE(updated_at, 0)"),
                Map.of("audit", "plan_uuid IN (SELECT uuid FROM action_plans WHERE audit_uuid = :f_audit)"),
                "Action",
                ACTION);
    }

    private static ActionPlan plan(ResultSet row) throws SQLException {
        return new ActionPlan(
                row.getLong("id"),
                Rows.uuid(row, "uuid"),
                Rows.uuid(row, "audit_uuid"),
                row.getString("strategy"),
                Rows.constant(row, "state", ActionPlanState.class),
                Rows.json(row, "efficacy_indicators"),
                Rows.json(row, "global_efficacy"),
                Rows.constant(row, "on_failure", OnFailure.class),
                row.getInt("parallel"),
                row.getString("hostname"),
                row.getString("status_message"),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "updated_at"));
    }

    private static Action action(ResultSet row) throws SQLException {
        List<UUID> parents = new ArrayList<>();
        for (JsonNode parent : Rows.json(row, "parents")) {
            parents.add(UUID.fromString(parent.textValue()));
        }
        return new Action(
                row.getLong("id"),
                Rows.uuid(row, "uuid"),
                Rows.uuid(row, "plan_uuid"),
                row.getString("action_type"),
                Rows.constant(row, "state", ActionState.class),
                parents,
                row.getString("description"),
                Rows.json(row, "input_parameters"),
                row.getString("status_message"),
                Rows.json(row, "result"),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "updated_at"));
    }

    /** Stores a plan with all of its actions, in their order. */
    public void insert(Handle handle, ActionPlan plan, List<Action> steps) {
        handle.createUpdate("INSERT INTO action_plans (uuid, audit_uuid, strategy, state, efficacy_indicators,"
                        + " global_efficacy, on_failure, parallel, status_message, created_at) VALUES (:uuid, :audit, :strategy,"
                        + " :state, :indicators, :global, :on_failure, :parallel, :message, :created)")
                .bind("uuid", plan.uuid().toString())
                .bind("audit", plan.auditUuid().toString())
                .bind("strategy", plan.strategy())
                .bind("state", plan.state().name())
                .bind("indicators", Texts.json(plan.efficacyIndicators()))
                .bind("global", Texts.json(plan.globalEfficacy()))
                .bind("on_failure", plan.onFailure().name())
                .bind("parallel", plan.parallel())
                .bind("message", plan.statusMessage())
                .bind("created", Rows.millis(plan.createdAt()))
                .execute();
        add(handle, steps);
    }

    /** Adds actions to a plan that is there. */
    public void add(Handle handle, List<Action> steps) {
        if (steps.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("INSERT INTO actions (uuid, plan_uuid, action_type, state, parents,"
                + " description, input_parameters, status_message, created_at) VALUES (:uuid, :plan, :type, :state, :parents,"
                + " :description, :parameters, :message, :created)");
        for (Action step : steps) {
            batch.bind("uuid", step.uuid().toString())
                    .bind("plan", step.planUuid().toString())
                    .bind("type", step.type())
                    .bind("state", step.state().name())
                    .bind("parents", Texts.json(step.parents()))
                    .bind("description", step.description())
                    .bind("parameters", Texts.json(step.parameters()))
                    .bind("message", step.statusMessage())
                    .bind("created", Rows.millis(step.createdAt()))
                    .add();
        }
        batch.execute();
    }

    /**
     * A plan by its UUID.
     *
     * @throws ServiceRefusal when there is none
     */
    public ActionPlan plan(Handle handle, String uuid) {
        return handle.createQuery(
                        "SELECT %s FROM action_plans WHERE deleted_at IS NULL AND uuid = :uuid".formatted(PLAN_COLUMNS))
                .bind("uuid", uuid)
                .map(PLAN)
                .findOne()
                .orElseThrow(() -> ServiceRefusal.notFound("ActionPlan %s could not be found".formatted(uuid)));
    }

    /** One page of plans. */
    public List<ActionPlan> plans(Handle handle, Page page, Map<String, Object> filters) {
        return plans.page(handle, page, filters);
    }

    /** All plans in one of these states, oldest first. */
    public List<ActionPlan> plansIn(Handle handle, Collection<ActionPlanState> states) {
        return states.stream()
                .flatMap(state -> plans.where(handle, Map.of("state", state.name())).stream())
                .toList();
    }

    /**
     * Changes a plan's state, if it is still what the caller thinks.
     *
     * @param hostname who works on it, or null to leave that
     * @param message  what there is to say, or null
     * @return whether it was
     */
    public boolean changePlan(
            Handle handle, UUID uuid, ActionPlanState from, ActionPlanState to, String hostname, String message) {
        return handle.createUpdate("UPDATE action_plans SET state = :to, hostname = COALESCE(:host, hostname),"
                                + " status_message = :message, updated_at = :now"
                                + " WHERE uuid = :uuid AND state = :from AND deleted_at IS NULL")
                        .bind("to", to.name())
                        .bind("host", hostname)
                        .bind("message", message)
                        .bind("now", clock.millis())
                        .bind("uuid", uuid.toString())
                        .bind("from", from.name())
                        .execute()
                == 1;
    }

    /** Supersedes what was recommended before a time and not started; tells how many. */
    public int supersede(Handle handle, Instant before) {
        return handle.createUpdate("UPDATE action_plans SET state = 'SUPERSEDED', updated_at = :now"
                        + " WHERE state = 'RECOMMENDED' AND created_at < :before AND deleted_at IS NULL")
                .bind("now", clock.millis())
                .bind("before", before.toEpochMilli())
                .execute();
    }

    /** Cancels what an audit recommended before and nobody started, with its actions. */
    public void cancelRecommended(Handle handle, UUID audit) {
        for (ActionPlan plan : plans.where(
                handle, Map.of("audit_uuid", audit.toString(), "state", ActionPlanState.RECOMMENDED.name()))) {
            if (changePlan(
                    handle,
                    plan.uuid(),
                    ActionPlanState.RECOMMENDED,
                    ActionPlanState.CANCELLED,
                    null,
                    "A newer plan of the same audit replaces it.")) {
                cancelPending(handle, plan.uuid(), null);
            }
        }
    }

    /** Deletes a plan and its actions. */
    public void delete(Handle handle, UUID plan) {
        for (String table : List.of("action_plans WHERE uuid", "actions WHERE plan_uuid")) {
            String name = table.substring(0, table.indexOf(' '));
            handle.createUpdate("UPDATE %s SET state = 'DELETED', deleted_at = :now %s = :uuid"
                            .formatted(name, table.substring(name.length())))
                    .bind("now", clock.millis())
                    .bind("uuid", plan.toString())
                    .execute();
        }
    }

    /**
     * An action by its UUID.
     *
     * @throws ServiceRefusal when there is none
     */
    public Action action(Handle handle, String uuid) {
        return handle.createQuery(
                        "SELECT %s FROM actions WHERE deleted_at IS NULL AND uuid = :uuid".formatted(ACTION_COLUMNS))
                .bind("uuid", uuid)
                .map(ACTION)
                .findOne()
                .orElseThrow(() -> ServiceRefusal.notFound("Action %s could not be found".formatted(uuid)));
    }

    /** One page of actions. */
    public List<Action> actions(Handle handle, Page page, Map<String, Object> filters) {
        return actions.page(handle, page, filters);
    }

    /** All actions of a plan, in their order. */
    public List<Action> actionsOf(Handle handle, UUID plan) {
        return actions.where(handle, Map.of("plan_uuid", plan.toString()));
    }

    /**
     * Changes an action's state, if it is still what the caller thinks.
     *
     * @param message what there is to say, or null
     * @param result  what came of it, or null to leave what is there
     * @return whether it was
     */
    public boolean changeAction(
            Handle handle, UUID uuid, ActionState from, ActionState to, String message, JsonNode result) {
        return handle.createUpdate(
                                "UPDATE actions SET state = :to, status_message = :message, result = COALESCE(:result, result),"
                                        + " updated_at = :now WHERE uuid = :uuid AND state = :from AND deleted_at IS NULL")
                        .bind("to", to.name())
                        .bind("message", message)
                        .bind("result", result == null ? null : Texts.json(result))
                        .bind("now", clock.millis())
                        .bind("uuid", uuid.toString())
                        .bind("from", from.name())
                        .execute()
                == 1;
    }

    /** Cancels the actions of a plan that were not begun; tells how many. */
    public int cancelPending(Handle handle, UUID plan, String message) {
        return handle.createUpdate(
                        "UPDATE actions SET state = 'CANCELLED', status_message = :message, updated_at = :now"
                                + " WHERE plan_uuid = :plan AND state = 'PENDING' AND deleted_at IS NULL")
                .bind("message", message)
                .bind("now", clock.millis())
                .bind("plan", plan.toString())
                .execute();
    }
}
