package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.actionplan.Readiness.Next;
import io.github.godwit.strategy.actionplan.Readiness.Others;
import io.github.godwit.strategy.actionplan.Readiness.Wait;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.plan.Racks;
import io.github.godwit.strategy.store.Stores;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins the actions of a plan that can begin. What has to wait, for a place in the budget or because its VM or a host is busy, stays PENDING,
 * has no place meanwhile, and says in its status message what it waits for.
 */
final class ActionStarter {

    private static final Logger LOG = LoggerFactory.getLogger(ActionStarter.class);

    /** When a plan has to be looked at again. */
    enum Look {
        /** At once: something has changed meanwhile. */
        NOW,
        /** Soon: something waits for a change that nobody announces. */
        SOON,
        /** When an action has ended. */
        AFTER_AN_END
    }

    private final Stores stores;
    private final ActionHandlers handlers;
    private final RunningActions running;
    private final ActionRunner.Listener listener;
    private final BudgetTerms terms;
    private final InstantSource clock;

    /**
     * @param stores   the database
     * @param handlers know what is in the way of an action
     * @param running  runs what begins
     * @param listener receives each change of an action
     * @param terms    what limits the migrations of all plans
     * @param clock    current time
     */
    ActionStarter(
            Stores stores,
            ActionHandlers handlers,
            RunningActions running,
            ActionRunner.Listener listener,
            BudgetTerms terms,
            InstantSource clock) {
        this.stores = stores;
        this.handlers = handlers;
        this.running = running;
        this.listener = listener;
        this.terms = terms;
        this.clock = clock;
    }

    /**
     * Begins what can begin, and ends what cannot or need not begin any more.
     *
     * @param skipped is called for each action that need not begin any more
     * @throws io.github.godwit.strategy.common.ServiceRefusal if it is not known what must not begin
     */
    Look start(ActionPlan plan, Consumer<Action> skipped) {
        BudgetTerms.Known known = terms.known();
        List<Action> actions = actions(plan);
        Others others = others(this::read);
        Turns turns = new Turns();
        Next next;
        do {
            next = known.asking().next(plan, actions, others, turns.blocked(), clock.instant());
        } while (turns.ask(next.begin()));
        next.giveUp().forEach(action -> end(action, ActionState.CANCELLED, "An earlier action did not succeed."));
        List<Action> needless = turns.needless(actions);
        needless.forEach(action -> {
            end(action, ActionState.SKIPPED, turns.reason(action));
            skipped.accept(action);
        });
        if (!needless.isEmpty()) {
            return Look.NOW;
        }
        Beginning beginning = new Beginning(plan, known.known(), turns);
        if (!next.begin().isEmpty() || !beginning.waits(next, actions).isEmpty()) {
            running.run(() -> stores.database().jdbi().inTransaction(beginning::begun));
            beginning.waits.forEach(
                    wait -> listener.changed(wait.action().uuid(), ActionState.PENDING, wait.message()));
        }
        return beginning.unasked
                ? Look.NOW
                : turns.blocked().isEmpty() && !OrderAhead.isPossible(actions) ? Look.AFTER_AN_END : Look.SOON;
    }

    /** What is in the way of actions for which there is room, as far as it was asked for. */
    private final class Turns {
        private final Set<UUID> asked = new HashSet<>();
        private final Map<UUID, MoveObstacle> obstacles = new HashMap<>();

        /** Asks about actions, about each once; returns whether there was a new one among them. */
        boolean ask(List<Action> actions) {
            List<Action> open =
                    actions.stream().filter(action -> asked.add(action.uuid())).toList();
            open.forEach(action -> obstacle(action).ifPresent(found -> obstacles.put(action.uuid(), found)));
            return !open.isEmpty();
        }

        private Optional<MoveObstacle> obstacle(Action action) {
            try {
                return handlers.find(action.type()).flatMap(handler -> handler.obstacle(action));
            } catch (RuntimeException e) {
                LOG.debug("Action {} says what is wrong when it runs", action.uuid(), e);
                return Optional.empty();
            }
        }

        boolean have(Action action) {
            return asked.contains(action.uuid());
        }

        Set<UUID> blocked() {
            return obstacles.keySet();
        }

        List<Action> needless(List<Action> actions) {
            return actions.stream()
                    .filter(action -> obstacles.containsKey(action.uuid())
                            && !obstacles.get(action.uuid()).passes())
                    .toList();
        }

        String reason(Action action) {
            return obstacles.get(action.uuid()).reason();
        }

        Map<UUID, String> messages() {
            return obstacles.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            each -> "Waiting. " + each.getValue().reason()));
        }
    }

    /** What begins, decided again with the budget locked, so that two instances cannot both take the last place. */
    private final class Beginning {
        private final ActionPlan plan;
        private final Readiness readiness;
        private final Turns turns;
        private List<Wait> waits = List.of();
        private boolean unasked;

        Beginning(ActionPlan plan, Readiness readiness, Turns turns) {
            this.plan = plan;
            this.readiness = readiness;
            this.turns = turns;
        }

        List<Wait> waits(Next next, List<Action> actions) {
            return next.waits(actions, turns.messages(), clock.instant());
        }

        List<Action> begun(Handle handle) {
            stores.plans().lockBudget(handle);
            List<Action> actions = stores.plans().actionsOf(handle, plan.uuid());
            Others others = others(query -> query.apply(handle));
            Next next = readiness.next(plan, actions, others, turns.blocked(), clock.instant());
            unasked = !next.begin().stream().allMatch(turns::have);
            waits = waits(next, actions);
            waits.forEach(wait -> store(handle, wait));
            return running.begin(
                    handle, plan, next.begin().stream().filter(turns::have).toList());
        }
    }

    /** Notes what is ready while nothing of a plan may begin, so that the time until then counts as waiting. */
    void pause(ActionPlan plan) {
        List<Action> actions = actions(plan);
        Next ready = new Readiness(() -> new MigrationBudget(host -> 0, Racks.NONE, List.of()))
                .next(plan, actions, new Others(List.of(), List::of), Set.of(), clock.instant());
        Map<UUID, String> paused = new HashMap<>();
        ready.begin().forEach(action -> paused.put(action.uuid(), null));
        List<Wait> waits =
                new Next(List.of(), List.of(), ready.ready(), ready.giveUp()).waits(actions, paused, clock.instant());
        if (!waits.isEmpty()) {
            stores.database().jdbi().useTransaction(handle -> waits.forEach(wait -> store(handle, wait)));
        }
    }

    private void store(Handle handle, Wait wait) {
        stores.executions().waits(handle, wait.action().uuid(), wait.readyAt(), wait.queued(), wait.message());
    }

    /** Returns the plans of which a queued migration can begin now. */
    Set<UUID> served() {
        Others others = others(this::read);
        if (others.queued().get().isEmpty()) {
            return Set.of();
        }
        return terms.known().asking().served(others, clock.instant()).stream()
                .map(Action::planUuid)
                .collect(Collectors.toSet());
    }

    private List<Action> actions(ActionPlan plan) {
        return read(handle -> stores.plans().actionsOf(handle, plan.uuid()));
    }

    private <T> T read(Function<Handle, T> query) {
        return stores.database().jdbi().withHandle(query::apply);
    }

    /** The migrations of all plans; those that are queued are read at most once, and only if they matter. */
    private Others others(Function<Function<Handle, List<Action>>, List<Action>> reader) {
        List<Action> ongoing = reader.apply(stores.executions()::runningMigrations);
        return new Others(ongoing, new Supplier<>() {
            private List<Action> queued;

            @Override
            public List<Action> get() {
                if (queued == null) {
                    queued = reader.apply(stores.executions()::queuedMigrations);
                }
                return queued;
            }
        });
    }

    private void end(Action action, ActionState to, String message) {
        boolean changed = stores.database()
                .jdbi()
                .inTransaction(handle ->
                        stores.plans().changeAction(handle, action.uuid(), ActionState.PENDING, to, message, null));
        if (changed) {
            listener.changed(action.uuid(), to, message);
        }
    }
}
