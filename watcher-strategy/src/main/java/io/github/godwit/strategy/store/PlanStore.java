package io.github.godwit.strategy.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.ActionSummary;
import io.github.godwit.strategy.plan.PlanSchedule;
import io.github.godwit.strategy.plan.ScheduleFacts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The action plans in the database, with their actions. */
public final class PlanStore {

    private static final String STATUS_MESSAGE = "status_message";

    private static final String PLAN_COLUMNS =
            "id, uuid, audit_uuid, strategy, state, efficacy_indicators, global_efficacy, on_failure, parallel, hostname,"
                    + " status_message, created_at, updated_at, schedule";

    private final ObjectTable<ActionPlan> plans;
    private final ObjectTable<Action> actions;
    private final Clock clock;

    /**
     * @param clock        for the times of changes
     * @param strategyUuid SQL expression for the UUID of the strategy in column {@code strategy}
     */
    public PlanStore(Clock clock, String strategyUuid) {
        this.clock = clock;
        this.plans = new ObjectTable<>(
                clock,
                "action_plans",
                "ActionPlan",
                PLAN_COLUMNS,
                (row, context) -> plan(row),
                Map.of(
                        "state", "state",
                        "audit_uuid", "audit_uuid",
                        "strategy_name", "strategy",
                        "strategy_uuid", strategyUuid,
                        "hostname", "COALESCE(hostname, '')"),
                Map.of("created_before", "created_at < :f_created_before"));
        this.actions = ActionRows.table(clock);
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
                Rows.instant(row, "updated_at"),
                PlanSchedule.read(Rows.json(row, "schedule")));
    }

    /** Stores a plan with all of its actions, in their order. */
    public void insert(Handle handle, ActionPlan plan, List<Action> steps) {
        plans.insert(
                handle,
                new Values()
                        .set("uuid", plan.uuid())
                        .set("audit_uuid", plan.auditUuid())
                        .set("strategy", plan.strategy())
                        .set("state", plan.state())
                        .set("efficacy_indicators", plan.efficacyIndicators())
                        .set("global_efficacy", plan.globalEfficacy())
                        .set("on_failure", plan.onFailure())
                        .set("parallel", plan.parallel())
                        .set(STATUS_MESSAGE, plan.statusMessage())
                        .set("created_at", plan.createdAt())
                        .setUnlessNull("schedule", plan.schedule() == null ? null : Texts.json(plan.schedule())));
        add(handle, steps);
    }

    /** Stores what the schedule of a plan was made from, which is not read with the plan. */
    public void keep(Handle handle, UUID plan, ScheduleFacts facts) {
        plans.update(handle, plan, new Values().set("schedule_facts", Texts.json(facts)));
    }

    /** What the schedule of a plan was made from; nothing without a schedule, or if an older release made it. */
    public Optional<ScheduleFacts> facts(Handle handle, UUID plan) {
        return handle.createQuery("SELECT schedule_facts FROM action_plans WHERE uuid = :uuid")
                .bind("uuid", plan.toString())
                .map((row, context) -> Optional.ofNullable(Rows.json(row, "schedule_facts")))
                .findOne()
                .flatMap(tree -> tree)
                .map(ScheduleFacts::read);
    }

    /** Forgets what the schedule of a plan was made from, when there is nothing left to schedule. */
    public void forgetFacts(Handle handle, UUID plan) {
        plans.update(handle, plan, new Values().set("schedule_facts", (String) null));
    }

    /** Replaces the schedule of a plan. */
    public void reschedule(Handle handle, UUID plan, PlanSchedule schedule) {
        plans.update(handle, plan, new Values().set("schedule", Texts.json(schedule)));
    }

    /** Replaces what a pending action waits for and its input; returns whether it still was pending. */
    public boolean replan(Handle handle, Action action) {
        Values changes = new Values()
                .set("parents", action.parents())
                .set("input_parameters", action.parameters())
                .set("description", action.description());
        return actions.change(handle, action.uuid(), ActionState.PENDING, ActionState.PENDING, changes);
    }

    /**
     * Locks the budget of migrations until the end of the transaction, so that no other instance begins one meanwhile. To be called
     * before anything is read in that transaction.
     */
    public void lockBudget(Handle handle) {
        handle.createUpdate("UPDATE migration_budget SET taken = taken + 1 WHERE id = 1")
                .execute();
    }

    /** Adds actions to a stored plan. */
    public void add(Handle handle, List<Action> steps) {
        actions.insert(
                handle,
                steps.stream()
                        .map(step -> new Values()
                                .set("uuid", step.uuid())
                                .set("plan_uuid", step.planUuid())
                                .set("action_type", step.type())
                                .set("state", step.state())
                                .set("parents", step.parents())
                                .set("description", step.description())
                                .set("input_parameters", step.parameters())
                                .set(STATUS_MESSAGE, step.statusMessage())
                                .set("created_at", step.createdAt()))
                        .toList());
    }

    /**
     * A plan by its UUID.
     *
     * @throws ServiceRefusal if there is none
     */
    public ActionPlan plan(Handle handle, String uuid) {
        return plans.get(handle, uuid);
    }

    /** A plan by its UUID, unless there is none. */
    public Optional<ActionPlan> findPlan(Handle handle, String uuid) {
        return plans.find(handle, uuid);
    }

    /** Notes which instance runs a plan. */
    public void runBy(Handle handle, UUID plan, String hostname) {
        plans.update(handle, plan, new Values().set("hostname", hostname));
    }

    /** The names of the strategies of some plans, by the UUID of the plan. */
    public Map<UUID, String> strategies(Handle handle, Set<UUID> uuids) {
        if (uuids.isEmpty()) {
            return Map.of();
        }
        return handle.createQuery("SELECT uuid, strategy FROM action_plans WHERE uuid IN (<uuids>)")
                .bindList("uuids", uuids.stream().map(UUID::toString).toList())
                .map((row, context) -> Map.entry(Rows.uuid(row, "uuid"), row.getString("strategy")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** One page of plans with these values, by column. */
    public List<ActionPlan> plans(Handle handle, Page page, Map<String, Object> filters) {
        return plans.page(handle, page, filters);
    }

    /** All plans in one of these states, oldest first within each state. */
    public List<ActionPlan> plansIn(Handle handle, Collection<ActionPlanState> states) {
        return plans.in(handle, states);
    }

    /**
     * Changes a plan's state, if it still is what the caller read.
     *
     * @param hostname the instance that runs it, or null to leave that as it is
     * @param message  the status message, or null for none
     * @return whether it was
     */
    public boolean changePlan(
            Handle handle, UUID uuid, ActionPlanState from, ActionPlanState to, String hostname, String message) {
        Values changes = new Values().setUnlessNull("hostname", hostname).set(STATUS_MESSAGE, message);
        return plans.change(handle, uuid, from, to, changes);
    }

    /** Supersedes the plans that were recommended before a time and not started; returns how many. */
    public int supersede(Handle handle, Instant before) {
        return plans.changeAll(
                handle,
                Map.of("created_before", before.toEpochMilli()),
                ActionPlanState.RECOMMENDED,
                ActionPlanState.SUPERSEDED,
                new Values().set("schedule_facts", (String) null));
    }

    /** Cancels the plans of an audit that are still recommended, with their actions. */
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
                forgetFacts(handle, plan.uuid());
                cancelPending(handle, plan.uuid(), null);
            }
        }
    }

    /** Deletes a plan and its actions. */
    public void delete(Handle handle, UUID plan) {
        forgetFacts(handle, plan);
        plans.delete(handle, "uuid", plan);
        actions.delete(handle, "plan_uuid", plan);
    }

    /**
     * An action by its UUID.
     *
     * @throws ServiceRefusal if there is none
     */
    public Action action(Handle handle, String uuid) {
        return actions.get(handle, uuid);
    }

    /** One page of actions with these values, by column; {@code audit} selects those of the plans of an audit. */
    public List<Action> actions(Handle handle, Page page, Map<String, Object> filters) {
        return actions.page(handle, page, filters);
    }

    /** The same page with what lists show, without the kilobytes of each action's input and result. */
    public List<ActionSummary> actionSummaries(Handle handle, Page page, Map<String, Object> filters) {
        return actions.page(handle, page, filters, ActionRows.SUMMARIES);
    }

    /** All actions of a plan, in their order. */
    public List<Action> actionsOf(Handle handle, UUID plan) {
        return actions.where(handle, Map.of("plan_uuid", plan.toString()));
    }

    /**
     * Changes an action's state, if it still is what the caller read.
     *
     * @param message the status message, or null for none
     * @param result  the result, or null to leave the stored one as it is
     * @return whether it was
     * @see ExecutionStore#begin
     */
    public boolean changeAction(
            Handle handle, UUID uuid, ActionState from, ActionState to, String message, JsonNode result) {
        Values changes = new Values()
                .set(STATUS_MESSAGE, message)
                .setUnlessNull("result", result == null ? null : Texts.json(result));
        if (to.isFinal() && !from.isFinal()) {
            changes.set("ended_at", clock.instant());
        }
        return actions.change(handle, uuid, from, to, changes);
    }

    /** Cancels the actions of a plan that have not begun; returns how many. */
    public int cancelPending(Handle handle, UUID plan, String message) {
        return actions.changeAll(
                handle,
                Map.of("plan_uuid", plan.toString()),
                ActionState.PENDING,
                ActionState.CANCELLED,
                new Values().set(STATUS_MESSAGE, message));
    }
}
