package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.audit.Audits;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.control.ServiceSwitch;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.store.Stores;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** Starts, cancels and archives action plans, and skips actions, by Watcher's rules. */
public final class ActionPlans {

    private final Stores stores;
    private final ServiceSwitch control;
    private final Consumer<UUID> runner;

    /**
     * @param stores the database
     * @param control whether plans may be started
     * @param runner schedules the next step of a plan now, to be taken by the first instance that is free
     */
    public ActionPlans(Stores stores, ServiceSwitch control, Consumer<UUID> runner) {
        this.control = control;
        this.stores = stores;
        this.runner = runner;
    }

    /**
     * Starts a recommended plan.
     *
     * @throws ServiceRefusal if the plan is in another state, or the service is switched off or only observes
     */
    public ActionPlan start(String uuid) {
        control.requireMigrations();
        ActionPlan plan = stores.database().jdbi().inTransaction(handle -> {
            ActionPlan found = stores.plans().plan(handle, uuid);
            if (found.state() != ActionPlanState.RECOMMENDED
                    || !stores.plans()
                            .changePlan(
                                    handle,
                                    found.uuid(),
                                    ActionPlanState.RECOMMENDED,
                                    ActionPlanState.PENDING,
                                    null,
                                    found.statusMessage())) {
                throw ServiceRefusal.invalid("Couldn't start when state is '%s'.".formatted(found.state()));
            }
            return stores.plans().plan(handle, uuid);
        });
        runner.accept(plan.uuid());
        return plan;
    }

    /**
     * Changes a plan's state as a client requests: to PENDING, CANCELLED or CANCELLING.
     *
     * @throws ServiceRefusal if the plan's state does not allow it
     */
    public ActionPlan change(String uuid, ActionPlanState to) {
        if (to == ActionPlanState.PENDING) {
            return startOrRefuse(uuid);
        }
        ActionPlan changed = stores.database().jdbi().inTransaction(handle -> {
            ActionPlan plan = stores.plans().plan(handle, uuid);
            if (!plan.state().clientMayAskFor(to)
                    || !stores.plans().changePlan(handle, plan.uuid(), plan.state(), to, null, null)) {
                throw Audits.notAllowed(plan.state(), to);
            }
            if (to == ActionPlanState.CANCELLED) {
                stores.plans().cancelPending(handle, plan.uuid(), null);
            }
            return stores.plans().plan(handle, uuid);
        });
        if (to == ActionPlanState.CANCELLING) {
            runner.accept(changed.uuid());
        }
        return changed;
    }

    private ActionPlan startOrRefuse(String uuid) {
        ActionPlanState now = stores.database()
                .jdbi()
                .withHandle(handle -> stores.plans().plan(handle, uuid).state());
        if (!now.clientMayAskFor(ActionPlanState.PENDING)) {
            throw Audits.notAllowed(now, ActionPlanState.PENDING);
        }
        return start(uuid);
    }

    /**
     * Archives a plan and its actions.
     *
     * @throws ServiceRefusal if the plan is pending or running
     */
    public void delete(String uuid) {
        stores.database().jdbi().useTransaction(handle -> {
            ActionPlan plan = stores.plans().plan(handle, uuid);
            if (!ActionPlanState.deletable().contains(plan.state())) {
                throw ServiceRefusal.invalid("Couldn't delete when state is '%s'.".formatted(plan.state()));
            }
            stores.plans().delete(handle, plan.uuid());
        });
    }

    /**
     * Changes the state of an action as a client requests: a pending action of a plan that has not begun is skipped. Of an action that is
     * skipped already only the status message changes, whatever has become of its plan.
     *
     * @param to     the requested state
     * @param reason why, or null
     * @throws ServiceRefusal if another change is requested, or the plan has begun
     */
    public Action change(String uuid, ActionState to, String reason) {
        TextRule.STATUS_MESSAGE.check(reason);
        return stores.database().jdbi().inTransaction(handle -> {
            Action action = stores.plans().action(handle, uuid);
            if (to == action.state() && to == ActionState.SKIPPED) {
                return told(handle, action, reason);
            }
            if (to != ActionState.SKIPPED || action.state() != ActionState.PENDING) {
                throw notAllowed(action, to);
            }
            ActionPlanState plan =
                    stores.plans().plan(handle, action.planUuid().toString()).state();
            if (plan != ActionPlanState.RECOMMENDED && plan != ActionPlanState.PENDING) {
                throw ServiceRefusal.conflict(
                        "Cannot update action %s: its action plan is %s, not RECOMMENDED or PENDING."
                                .formatted(uuid, plan));
            }
            if (!stores.plans()
                    .changeAction(
                            handle,
                            action.uuid(),
                            ActionState.PENDING,
                            ActionState.SKIPPED,
                            skippedBecause(reason),
                            null)) {
                throw notAllowed(stores.plans().action(handle, uuid), to);
            }
            return stores.plans().action(handle, uuid);
        });
    }

    private static ServiceRefusal notAllowed(Action action, ActionState to) {
        return ServiceRefusal.conflict("State transition not allowed: (%s -> %s)".formatted(action.state(), to));
    }

    private static String skippedBecause(String reason) {
        return reason == null ? "Action skipped by user." : "Action skipped by user. Reason: " + reason;
    }

    private Action told(Handle handle, Action skipped, String reason) {
        stores.plans()
                .changeAction(
                        handle, skipped.uuid(), ActionState.SKIPPED, ActionState.SKIPPED, skippedBecause(reason), null);
        return stores.plans().action(handle, skipped.uuid().toString());
    }

    /**
     * Changes the status message of a skipped action.
     *
     * @throws ServiceRefusal if the action is not skipped
     */
    public Action tell(String uuid, String message) {
        TextRule.STATUS_MESSAGE.check(message);
        return stores.database().jdbi().inTransaction(handle -> {
            Action action = stores.plans().action(handle, uuid);
            if (action.state() != ActionState.SKIPPED) {
                throw ServiceRefusal.conflict(
                        "The status_message of action %s can be changed only while the action is SKIPPED."
                                .formatted(uuid));
            }
            return told(handle, action, message);
        });
    }
}
