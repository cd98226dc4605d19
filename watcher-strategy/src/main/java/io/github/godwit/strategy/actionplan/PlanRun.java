package io.github.godwit.strategy.actionplan;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.strategy.actionplan.ActionHandler.Result;
import io.github.godwit.strategy.cluster.ClusterRules;
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
 * Carries out one action plan, from wherever it stands. The database is the only memory: each action's state is changed there
 * before and after it is carried out, so that an instance that takes over from one that died finds what was begun.
 */
public final class PlanRun {

    private static final Logger LOG = LoggerFactory.getLogger(PlanRun.class);
    private static final long LOOK_MILLIS = 500;

    private final Stores stores;
    private final ActionHandlers handlers;
    private final Supplier<ClusterRules> rules;
    private final Events events;
    private final Clock clock;
    private final String hostname;

    /**
     * @param stores   what is stored
     * @param handlers carry out actions
     * @param rules    what must not be done at once
     * @param events   told of each change
     * @param clock    tells the time
     * @param hostname this instance
     */
    public PlanRun(
            Stores stores,
            ActionHandlers handlers,
            Supplier<ClusterRules> rules,
            Events events,
            Clock clock,
            String hostname) {
        this.rules = rules;
        this.stores = stores;
        this.handlers = handlers;
        this.events = events;
        this.clock = clock;
        this.hostname = hostname;
    }

    /**
     * Carries a plan out to its end; does nothing for one that is not to be carried out.
     *
     * @throws InterruptedException when this instance is stopping; the plan stays as it is for another one
     */
    public void run(UUID uuid) throws InterruptedException {
        ActionPlan plan = plan(uuid);
        if (plan.state() == ActionPlanState.PENDING || plan.state() == ActionPlanState.ONGOING) {
            change(plan, ActionPlanState.ONGOING, plan.statusMessage());
        } else if (plan.state() != ActionPlanState.CANCELLING) {
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
            publish("action_plan", plan.uuid(), to.name(), message);
        }
        return changed;
    }

    private void publish(String type, UUID uuid, String state, String message) {
        Map<String, String> data = new HashMap<>();
        data.put("state", state);
        data.put("status_message", message);
        events.publish(
                new Event(clock.instant(), type, uuid.toString(), Texts.mapper().valueToTree(data)));
    }

    /** An action that a thread carries out. */
    private record Running(Action action, Future<Action> end) {}

    /** The plan while it is being carried out. */
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
                Future<Action> done = finished.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (done != null) {
                    take(done);
                }
            }
        }

        private List<Action> actions() {
            return stores.database().jdbi().withHandle(handle -> stores.plans().actionsOf(handle, uuid));
        }

        /** What an instance that is gone had begun is gone on with. */
        private void resume() {
            for (Action action : actions()) {
                if (action.state() == ActionState.ONGOING || action.state() == ActionState.CANCELLING) {
                    LOG.info("Action {} was begun by another instance and is gone on with.", action.uuid());
                    submit(action, true);
                }
            }
        }

        private void advance(ActionPlan plan) {
            ClusterRules known;
            try {
                known = rules.get();
            } catch (ServiceRefusal e) {
                if (!waits) {
                    LOG.warn("Nothing more of plan {} is begun for now: {}", uuid, e.getMessage());
                }
                waits = true;
                return;
            }
            waits = false;
            Readiness.Next next = new Readiness(known.apart()).next(plan, actions());
            for (Action action : next.giveUp()) {
                change(
                        action,
                        ActionState.CANCELLED,
                        new Result(ActionState.CANCELLED, "An action before it did not succeed.", null));
            }
            for (Action action : next.begin()) {
                if (change(action, ActionState.ONGOING, new Result(ActionState.ONGOING, null, null))) {
                    submit(action, false);
                }
            }
        }

        private boolean change(Action action, ActionState to, Result result) {
            boolean changed = stores.database()
                    .jdbi()
                    .inTransaction(handle -> stores.plans()
                            .changeAction(
                                    handle, action.uuid(), action.state(), to, result.message(), result.result()));
            if (changed) {
                publish("action", action.uuid(), to.name(), result.message());
            }
            return changed;
        }

        private void submit(Action action, boolean resumed) {
            running.put(action.uuid(), new Running(action, finished.submit(() -> carryOut(action, resumed))));
        }

        private Action carryOut(Action action, boolean resumed) throws InterruptedException {
            Optional<ActionHandler> handler = handlers.find(action.type());
            Result result = handler.isEmpty()
                    ? Result.failed(
                            "There is no action of type '%s'; there are %s.".formatted(action.type(), handlers.types()))
                    : safely(handler.get(), action, resumed);
            stores.database().jdbi().useTransaction(handle -> {
                Action now = stores.plans().action(handle, action.uuid().toString());
                stores.plans()
                        .changeAction(
                                handle, now.uuid(), now.state(), result.state(), result.message(), result.result());
            });
            publish("action", action.uuid(), result.state().name(), result.message());
            return action;
        }

        private Result safely(ActionHandler handler, Action action, boolean resumed) throws InterruptedException {
            try {
                return handler.run(action, resumed);
            } catch (RuntimeException e) {
                LOG.error("Action {} failed", action.uuid(), e);
                return Result.failed("An error inside the service; its log tells more: " + e);
            }
        }

        private void take(Future<Action> done) throws InterruptedException {
            try {
                running.remove(done.get().uuid());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof InterruptedException) {
                    throw new InterruptedException();
                }
                throw new IllegalStateException("An action's end could not be stored.", e.getCause());
            }
        }

        private void cancel() {
            cancelled = true;
            stores.database()
                    .jdbi()
                    .useTransaction(handle -> stores.plans()
                            .cancelPending(handle, uuid, "The action plan was cancelled before it began."));
            for (Running begun : running.values()) {
                Action action = begun.action();
                handlers.find(action.type())
                        .map(handler -> handler.cancel(action))
                        .ifPresent(why -> {
                            LOG.info("Action {}: {}", action.uuid(), why);
                            publish("action", action.uuid(), ActionState.ONGOING.name(), why);
                        });
            }
        }

        /** Whether nothing is left to do; the plan's last state is stored then. */
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
                return PlanRun.this.change(plan, ActionPlanState.CANCELLED, "It was cancelled.");
            }
            if (failed) {
                return PlanRun.this.change(plan, ActionPlanState.FAILED, why(actions, rolledBack));
            }
            boolean skipped = actions.stream().anyMatch(action -> action.state() == ActionState.SKIPPED);
            return PlanRun.this.change(
                    plan,
                    ActionPlanState.SUCCEEDED,
                    skipped ? "One or more actions were skipped." : plan.statusMessage());
        }

        private String why(List<Action> actions, boolean rolledBack) {
            List<Action> failed = actions.stream()
                    .filter(action -> action.state() == ActionState.FAILED)
                    .toList();
            return "%d of %d actions failed%s. The first: %s"
                    .formatted(
                            failed.size(),
                            actions.size(),
                            rolledBack ? "; what was moved was moved back" : "",
                            failed.get(0).statusMessage());
        }
    }
}
