package io.github.godwit.strategy.actionplan;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.store.ExecutionStore.Begun;
import io.github.godwit.strategy.store.Stores;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actions that this instance runs, each on its own thread. The instance that runs an action is stored with it. As long as that
 * instance reports itself, nobody else touches the action; after that, another one takes it over and follows it to its end, so that its
 * place in the budget is given back. Thread-safe.
 */
final class RunningActions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningActions.class);
    private static final Duration LAST_WAIT = Duration.ofMillis(500);

    private final Stores stores;
    private final ActionHandlers handlers;
    private final ActionRunner.Listener listener;
    private final Consumer<Action> ended;
    private final String instance;
    private final ActionRunner runner;
    private final Map<UUID, Running> running = new ConcurrentHashMap<>();
    private final ExecutorService threads = DaemonThreads.cached("action");
    private boolean closed;

    private record Running(Action action, AtomicBoolean cancelled) {}

    /**
     * @param stores   the database
     * @param handlers run the actions
     * @param listener receives each change of an action
     * @param transfers is called when a migration begins to send its VM, on the action's thread
     * @param ended    is called after the result of an action was stored, on the action's thread
     * @param instance name of this instance
     */
    RunningActions(
            Stores stores,
            ActionHandlers handlers,
            ActionRunner.Listener listener,
            Consumer<Action> ended,
            Consumer<Action> transfers,
            String instance) {
        this.stores = stores;
        this.handlers = handlers;
        this.listener = listener;
        this.ended = ended;
        this.instance = instance;
        this.runner = new ActionRunner(stores, handlers, listener, transfers);
    }

    /** Begins actions of a plan, in a transaction that ends before they run; returns those that still were pending. */
    List<Action> begin(Handle handle, ActionPlan plan, List<Action> actions) {
        List<Action> begun = actions.stream()
                .filter(action -> stores.executions().begin(handle, action.uuid(), instance))
                .toList();
        if (!begun.isEmpty() && !instance.equals(plan.hostname())) {
            stores.plans().runBy(handle, plan.uuid(), instance);
        }
        return begun;
    }

    /**
     * Runs what a transaction begins. Meanwhile nothing is taken over, because the action is stored as running here before it runs.
     *
     * @param transaction {@link #begin begins} actions and returns them
     */
    synchronized void run(Supplier<List<Action>> transaction) {
        if (closed) {
            return;
        }
        for (Action action : transaction.get()) {
            listener.changed(action.uuid(), ActionState.ONGOING, null);
            start(action, false);
        }
    }

    private void start(Action action, boolean resumed) {
        running.put(action.uuid(), new Running(action, new AtomicBoolean()));
        threads.execute(() -> run(action, resumed));
    }

    private void run(Action action, boolean resumed) {
        try {
            runner.run(action, resumed);
        } catch (InterruptedException e) {
            LOG.debug("This instance is stopping; action {} continues on another one", action.uuid());
            return;
        } catch (RuntimeException e) {
            LOG.warn("The result of action {} could not be stored. The action is resumed.", action.uuid(), e);
            return;
        } finally {
            running.remove(action.uuid());
        }
        ended.accept(action);
    }

    /**
     * Takes over the actions that nobody runs: of an instance that has stopped, or has not reported itself for a while, and those that this
     * instance ran before it was started again.
     *
     * @param alive names of the instances that have reported themselves lately
     */
    synchronized void takeOver(Set<String> alive) {
        if (closed) {
            return;
        }
        for (Begun begun : stores.database().jdbi().withHandle(stores.executions()::begun)) {
            boolean elsewhere = begun.runBy() != null && !begun.runBy().equals(instance);
            if (running.containsKey(begun.action()) || (elsewhere && alive.contains(begun.runBy()))) {
                continue;
            }
            taken(begun).ifPresent(action -> {
                LOG.info(
                        "Action {}, which {} had begun, continues here.",
                        action.uuid(),
                        begun.runBy() == null ? "another instance" : begun.runBy());
                start(action, true);
            });
        }
    }

    private Optional<Action> taken(Begun begun) {
        return stores.database().jdbi().inTransaction(handle -> {
            if (!stores.executions().takeOver(handle, begun, instance)) {
                return Optional.empty();
            }
            stores.plans().runBy(handle, begun.plan(), instance);
            return Optional.of(stores.plans().action(handle, begun.action().toString()));
        });
    }

    /** Begins to cancel what runs here of the plans that are being cancelled, whichever instance was asked to do that. */
    void cancel() {
        if (running.isEmpty() || threads.isShutdown()) {
            return;
        }
        Set<UUID> plans = stores
                .database()
                .jdbi()
                .withHandle(handle -> stores.plans().plansIn(handle, EnumSet.of(ActionPlanState.CANCELLING)))
                .stream()
                .map(ActionPlan::uuid)
                .collect(Collectors.toSet());
        running.values().stream()
                .filter(each -> plans.contains(each.action().planUuid()))
                .filter(each -> each.cancelled().compareAndSet(false, true))
                .forEach(each -> threads.execute(() -> cancel(each.action())));
    }

    private void cancel(Action action) {
        handlers.find(action.type()).map(handler -> handler.cancel(action)).ifPresent(why -> {
            LOG.info("Action {}: {}", action.uuid(), why);
            listener.changed(action.uuid(), ActionState.ONGOING, why);
        });
    }

    /** Stops following the actions, and leaves them to other instances, or to this one when it is started again. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        threads.shutdownNow();
        try {
            threads.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            stores.database().jdbi().useHandle(handle -> stores.executions().release(handle, instance));
        } catch (RuntimeException e) {
            LOG.warn("The actions of this instance are not released; they are taken over when it counts as dead", e);
        }
    }
}
