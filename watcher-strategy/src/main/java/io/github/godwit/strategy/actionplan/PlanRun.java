package io.github.godwit.strategy.actionplan;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.strategy.actionplan.ActionHandler.Result;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.events.Event;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one action plan, from its stored state. The database is the only memory: each action's state is stored before and after
 * it runs, so that an instance that takes over from one that died finds what had begun.
 */
public final class PlanRun {

    private static final Logger LOG = LoggerFactory.getLogger(PlanRun.class);
    private static final long POLL_MILLIS = 500;

    private final Stores stores;
    private final ActionHandlers handlers;
    private final ActionRunner runner;
    private final BudgetTerms terms;
    private final Reschedule reschedule;
    private final Supplier<Optional<String>> off;
    private final Events events;
    private final Clock clock;
    private final String hostname;

    /**
     * @param stores     the database
     * @param handlers   run the actions
     * @param terms      what limits the migrations of all plans
     * @param reschedule schedules again what is left of a plan
     * @param off        why no action may begin, as a sentence, or nothing
     * @param events     receives each change of a state
     * @param clock      for the times of events
     * @param hostname   name of this instance
     */
    public PlanRun(
            Stores stores,
            ActionHandlers handlers,
            BudgetTerms terms,
            Reschedule reschedule,
            Supplier<Optional<String>> off,
            Events events,
            Clock clock,
            String hostname) {
        this.terms = terms;
        this.reschedule = reschedule;
        this.off = off;
        this.stores = stores;
        this.handlers = handlers;
        this.runner = new ActionRunner(stores, handlers, this::publish);
        this.events = events;
        this.clock = clock;
        this.hostname = hostname;
    }

    /**
     * Runs a plan to its end; does nothing if the plan is not pending, ongoing or being cancelled. While the service is switched off, a pending
     * plan does not begin, and one that is ongoing begins no action and waits.
     *
     * @throws InterruptedException if this instance is stopping; the stored plan stays as it is, for another instance
     */
    public void run(UUID uuid) throws InterruptedException {
        ActionPlan found = plan(uuid);
        if (found.state() == ActionPlanState.PENDING && off.get().isPresent()) {
            return;
        }
        if (found.state() == ActionPlanState.PENDING || found.state() == ActionPlanState.ONGOING) {
            change(found, ActionPlanState.ONGOING, found.statusMessage());
        }
        if (found.state() == ActionPlanState.PENDING) {
            reschedule.begins(uuid);
        }
        ActionPlanState state = plan(uuid).state(); // a client may have cancelled it meanwhile
        if (state != ActionPlanState.ONGOING && state != ActionPlanState.CANCELLING) {
            return;
        }
        ExecutorService threads = DaemonThreads.cached("action");
        try {
            new Execution(uuid, threads).run();
        } finally {
            threads.shutdownNow();
        }
    }

    private ActionPlan plan(UUID uuid) {
        return stores.database().jdbi().withHandle(handle -> stores.plans().plan(handle, uuid.toString()));
    }

    private boolean change(ActionPlan plan, ActionPlanState to, String message) {
        boolean changed = stores.database()
                .jdbi()
                .inTransaction(
                        handle -> stores.plans().changePlan(handle, plan.uuid(), plan.state(), to, hostname, message));
        if (changed) {
            publish(Event.ACTION_PLAN, plan.uuid(), to.name(), message);
        }
        return changed;
    }

    private void publish(UUID action, ActionState state, String message) {
        publish(Event.ACTION, action, state.name(), message);
    }

    private void publish(String type, UUID uuid, String state, String message) {
        Map<String, String> data = new HashMap<>();
        data.put("state", state);
        data.put("status_message", message);
        events.publish(
                new Event(clock.instant(), type, uuid.toString(), Texts.mapper().valueToTree(data)));
    }

    /** An action that runs on a thread. */
    private record Running(Action action, Future<Action> end) {}

    /** The plan while it runs. */
    private final class Execution {
        private final UUID uuid;
        private final CompletionService<Action> finished;
        private final Map<UUID, Running> running = new HashMap<>();
        private boolean cancelled;
        private boolean waits;

        Execution(UUID uuid, ExecutorService threads) {
            this.uuid = uuid;
            this.finished = new ExecutorCompletionService<>(threads);
        }

        void run() throws InterruptedException {
            resume();
            while (true) {
                ActionPlan plan = plan(uuid);
                if (plan.state() == ActionPlanState.CANCELLING && !cancelled) {
                    cancel();
                }
                if (plan.state() == ActionPlanState.ONGOING) {
                    advance(plan);
                }
                if (running.isEmpty() && ended(plan)) {
                    return;
                }
                Future<Action> done = finished.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (done != null) {
                    take(done);
                }
            }
        }

        private List<Action> actions() {
            return stores.database().jdbi().withHandle(handle -> stores.plans().actionsOf(handle, uuid));
        }

        /** Continues the actions that another instance had started. */
        private void resume() {
            for (Action action : actions()) {
                if (action.state() == ActionState.ONGOING || action.state() == ActionState.CANCELLING) {
                    LOG.info("Action {} was started by another instance and continues.", action.uuid());
                    submit(action, true);
                }
            }
        }

        private void advance(ActionPlan plan) {
            Optional<String> reason = off.get();
            String message = OffNote.apply(plan.statusMessage(), reason);
            if (!Objects.equals(message, plan.statusMessage())) {
                PlanRun.this.change(plan, ActionPlanState.ONGOING, message);
            }
            if (reason.isPresent()) {
                return;
            }
            List<Action> actions = actions();
            Readiness readiness;
            try {
                readiness = terms.readiness(actions);
            } catch (ServiceRefusal e) {
                if (!waits) {
                    LOG.warn("Plan {} begins no further actions for now: {}", uuid, e.getMessage());
                }
                waits = true;
                return;
            }
            waits = false;
            Readiness.Next next = readiness.next(plan, actions, runningMigrations());
            for (Action action : next.giveUp()) {
                change(
                        action,
                        ActionState.CANCELLED,
                        new Result(ActionState.CANCELLED, "An earlier action did not succeed.", null));
            }
            if (!next.begin().isEmpty()) {
                for (Action action : begun(plan, readiness)) {
                    publish(action.uuid(), ActionState.ONGOING, null);
                    submit(action, false);
                }
            }
        }

        private List<Action> runningMigrations() {
            return stores.database().jdbi().withHandle(handle -> stores.plans().runningMigrations(handle));
        }

        /** Begins what can begin, with the budget locked, so that two instances cannot both take the last place; returns it. */
        private List<Action> begun(ActionPlan plan, Readiness readiness) {
            return stores.database().jdbi().inTransaction(handle -> {
                stores.plans().lockBudget(handle);
                return readiness
                        .next(
                                plan,
                                stores.plans().actionsOf(handle, uuid),
                                stores.plans().runningMigrations(handle))
                        .begin()
                        .stream()
                        .filter(action -> stores.plans()
                                .changeAction(
                                        handle, action.uuid(), ActionState.PENDING, ActionState.ONGOING, null, null))
                        .toList();
            });
        }

        private boolean change(Action action, ActionState to, Result result) {
            boolean changed = stores.database()
                    .jdbi()
                    .inTransaction(handle -> stores.plans()
                            .changeAction(
                                    handle, action.uuid(), action.state(), to, result.message(), result.result()));
            if (changed) {
                publish(action.uuid(), to, result.message());
            }
            return changed;
        }

        private void submit(Action action, boolean resumed) {
            running.put(action.uuid(), new Running(action, finished.submit(() -> runner.run(action, resumed))));
        }

        private void take(Future<Action> done) throws InterruptedException {
            try {
                Action ended = done.get();
                running.remove(ended.uuid());
                reschedule.afterEnd(uuid, ended.uuid());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof InterruptedException) {
                    throw new InterruptedException();
                }
                throw new IllegalStateException("The result of an action could not be stored.", e.getCause());
            }
        }

        private void cancel() {
            cancelled = true;
            stores.database()
                    .jdbi()
                    .useTransaction(handle -> stores.plans()
                            .cancelPending(handle, uuid, "The action plan was cancelled before this action began."));
            for (Running begun : running.values()) {
                Action action = begun.action();
                handlers.find(action.type())
                        .map(handler -> handler.cancel(action))
                        .ifPresent(why -> {
                            LOG.info("Action {}: {}", action.uuid(), why);
                            publish(action.uuid(), ActionState.ONGOING, why);
                        });
            }
        }

        /** Whether all actions have ended; if so, the plan's final state is stored, unless a rollback begins. */
        private boolean ended(ActionPlan plan) {
            List<Action> actions = actions();
            if (actions.stream().anyMatch(action -> !action.state().isFinal())) {
                return false;
            }
            boolean failed = actions.stream().anyMatch(action -> action.state() == ActionState.FAILED);
            boolean rolledBack = actions.stream().anyMatch(Readiness::isRollback);
            if (plan.state() == ActionPlanState.ONGOING
                    && failed
                    && plan.onFailure() == OnFailure.ROLLBACK
                    && !rolledBack) {
                List<Action> back = RollbackSteps.of(uuid, actions, clock.instant());
                if (!back.isEmpty()) {
                    stores.database()
                            .jdbi()
                            .useTransaction(handle -> stores.plans().add(handle, back));
                    return false;
                }
            }
            if (plan.state() == ActionPlanState.CANCELLING) {
                return PlanRun.this.change(plan, ActionPlanState.CANCELLED, "The action plan was cancelled.");
            }
            if (failed) {
                return PlanRun.this.change(plan, ActionPlanState.FAILED, PlanEnd.why(actions, rolledBack));
            }
            boolean skipped = actions.stream().anyMatch(action -> action.state() == ActionState.SKIPPED);
            return PlanRun.this.change(
                    plan,
                    ActionPlanState.SUCCEEDED,
                    skipped
                            ? "One or more actions were skipped."
                            : OffNote.apply(plan.statusMessage(), Optional.empty()));
        }
    }
}
