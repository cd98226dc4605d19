package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.events.Event;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.plan.PlanSchedule;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs action plans, step by step, from their stored state. A step begins what can begin and returns; actions run on threads of their own
 * ({@link RunningActions}), so that a plan holds no thread, whatever it waits for. The database is the only memory: each action's state is
 * stored before and after it runs, and any instance may take the next step. Thread-safe, with one step of a plan at a time.
 */
public final class PlanRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PlanRun.class);

    /** For what nobody announces: the switch, the rules, and what happens to VMs and hosts. */
    private static final Duration SOON = Duration.ofSeconds(2);

    /** For ends that another instance could not announce. */
    private static final Duration LATER = Duration.ofSeconds(5);

    private final Stores stores;
    private final Reschedule reschedule;
    private final Supplier<Optional<String>> off;
    private final Events events;
    private final Clock clock;
    private final String hostname;
    private final RunningActions running;
    private final ActionStarter starter;
    private final Set<UUID> refused = ConcurrentHashMap.newKeySet();
    private volatile Consumer<UUID> waker = plan -> {};

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
        this.reschedule = reschedule;
        this.off = off;
        this.stores = stores;
        this.events = events;
        this.clock = clock;
        this.hostname = hostname;
        this.running = new RunningActions(
                stores, handlers, this::publish, this::ended, action -> waker.accept(action.planUuid()), hostname);
        this.starter = new ActionStarter(stores, handlers, running, this::publish, terms, clock);
    }

    /** Sets what brings forward the next step of a plan, by its UUID. */
    public void wakeBy(Consumer<UUID> wake) {
        waker = wake;
    }

    /**
     * Takes the next step of a plan: takes note of ends, begins what can begin, and ends the plan if nothing is left. While the service is
     * switched off, nothing begins. A plan that is not pending, ongoing or being cancelled stays as it is.
     *
     * @return the latest time of the next step, or nothing if the plan has ended
     */
    public Optional<Instant> step(UUID uuid) {
        Optional<ActionPlan> found = find(uuid);
        if (found.isPresent() && found.get().state() == ActionPlanState.PENDING) {
            if (off.get().isPresent()) {
                return in(SOON);
            }
            change(found.get(), ActionPlanState.ONGOING, found.get().statusMessage());
            reschedule.begins(uuid);
        }
        noteEnds(uuid);
        Optional<ActionPlan> plan = find(uuid); // a client may have cancelled it meanwhile
        ActionPlanState state = plan.map(ActionPlan::state).orElse(ActionPlanState.DELETED);
        if (state != ActionPlanState.ONGOING && state != ActionPlanState.CANCELLING) {
            return Optional.empty();
        }
        Duration pause = state == ActionPlanState.ONGOING ? advance(plan.get()) : cancel(plan.get());
        return pause.isZero() ? in(pause) : afterAll(uuid, pause);
    }

    private Optional<Instant> in(Duration pause) {
        return Optional.of(clock.instant().plus(pause));
    }

    private Optional<ActionPlan> find(UUID uuid) {
        return stores.database().jdbi().withHandle(handle -> stores.plans().findPlan(handle, uuid.toString()));
    }

    private List<Action> actions(UUID plan) {
        return stores.database().jdbi().withHandle(handle -> stores.plans().actionsOf(handle, plan));
    }

    private boolean change(ActionPlan plan, ActionPlanState to, String message) {
        String by = plan.state() == ActionPlanState.PENDING ? hostname : null;
        boolean changed = stores.database()
                .jdbi()
                .inTransaction(handle -> stores.plans().changePlan(handle, plan.uuid(), plan.state(), to, by, message));
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

    /** Reschedules after each end that was stored since the last step, also by an instance that has died since. */
    private void noteEnds(UUID plan) {
        for (Action action : actions(plan)) {
            if (action.state().isFinal() && action.execution().runBy() != null) {
                reschedule.afterEnd(plan, action.uuid());
                stores.database().jdbi().useHandle(handle -> stores.executions().noted(handle, action.uuid()));
            }
        }
    }

    /** Begins what can begin; returns the time until the next look. */
    private Duration advance(ActionPlan plan) {
        Optional<String> reason = off.get();
        String message = OffNote.apply(plan.statusMessage(), reason);
        if (!Objects.equals(message, plan.statusMessage())) {
            change(plan, ActionPlanState.ONGOING, message);
        }
        if (reason.isPresent()) {
            starter.pause(plan);
            return SOON;
        }
        try {
            ActionStarter.Look look = starter.start(plan, skipped -> reschedule.afterEnd(plan.uuid(), skipped.uuid()));
            refused.remove(plan.uuid());
            if (look != ActionStarter.Look.NOW) {
                judge(plan);
            }
            return switch (look) {
                case NOW -> Duration.ZERO;
                case SOON -> SOON;
                case AFTER_AN_END -> LATER;
            };
        } catch (ServiceRefusal e) {
            if (refused.add(plan.uuid())) {
                LOG.warn("Plan {} begins no further actions for now: {}", plan.uuid(), e.getMessage());
            }
            starter.pause(plan);
            return SOON;
        }
    }

    /** Whether its deadline can be met is judged again for a plan that had to wait. */
    private void judge(ActionPlan plan) {
        if (plan.schedule() == null || plan.schedule().deadline() == null) {
            return;
        }
        List<Action> actions = actions(plan.uuid());
        Deviation.began(actions)
                .ifPresent(began -> Deviation.late(actions, began).ifPresent(late -> {
                    PlanSchedule judged = plan.schedule().later(began, late);
                    if (!judged.equals(plan.schedule())) {
                        stores.database()
                                .jdbi()
                                .useHandle(handle -> stores.plans().reschedule(handle, plan.uuid(), judged));
                    }
                }));
    }

    /** Actions that run on another instance are cancelled there ({@link #tend}). */
    private Duration cancel(ActionPlan plan) {
        int pending = stores.database()
                .jdbi()
                .inTransaction(handle -> stores.plans()
                        .cancelPending(handle, plan.uuid(), "The action plan was cancelled before this action began."));
        if (pending > 0) {
            wakeServed();
        }
        running.cancel();
        return LATER;
    }

    /** The next step, unless all actions have ended: then the plan's final state is stored, or a rollback begins. */
    private Optional<Instant> afterAll(UUID uuid, Duration pause) {
        Optional<ActionPlan> found = find(uuid);
        List<Action> actions = actions(uuid);
        if (found.isEmpty()
                || actions.stream().anyMatch(action -> !action.state().isFinal())) {
            return in(pause);
        }
        ActionPlan plan = found.get();
        List<Action> back = rollback(plan, actions);
        if (!back.isEmpty()) {
            stores.database().jdbi().useTransaction(handle -> stores.plans().add(handle, back));
            return in(Duration.ZERO);
        }
        return end(plan, actions) ? Optional.empty() : in(Duration.ZERO);
    }

    private List<Action> rollback(ActionPlan plan, List<Action> actions) {
        boolean wanted = plan.state() == ActionPlanState.ONGOING
                && plan.onFailure() == OnFailure.ROLLBACK
                && actions.stream().anyMatch(action -> action.state() == ActionState.FAILED)
                && actions.stream().noneMatch(Action::rollsBack);
        return wanted ? RollbackSteps.of(plan.uuid(), actions, clock.instant()) : List.of();
    }

    private boolean end(ActionPlan plan, List<Action> actions) {
        refused.remove(plan.uuid());
        if (plan.state() == ActionPlanState.CANCELLING) {
            return change(plan, ActionPlanState.CANCELLED, "The action plan was cancelled.");
        }
        if (actions.stream().anyMatch(action -> action.state() == ActionState.FAILED)) {
            return change(
                    plan,
                    ActionPlanState.FAILED,
                    PlanEnd.why(actions, actions.stream().anyMatch(Action::rollsBack)));
        }
        boolean skipped = actions.stream().anyMatch(action -> action.state() == ActionState.SKIPPED);
        return change(
                plan,
                ActionPlanState.SUCCEEDED,
                skipped ? "One or more actions were skipped." : OffNote.apply(plan.statusMessage(), Optional.empty()));
    }

    /** An action has ended on this instance: those go on that wait for its place, and its own plan. */
    private void ended(Action action) {
        if (MigrationBudget.migrates(action)) {
            wakeServed();
        }
        waker.accept(action.planUuid());
    }

    private void wakeServed() {
        try {
            starter.served().forEach(waker);
        } catch (RuntimeException e) {
            LOG.debug("Whoever waits for this place finds it with the next step", e);
        }
    }

    /**
     * Takes over actions that nobody runs any more, and cancels those here whose plans are being cancelled. To be called about once a second.
     *
     * @param lease an instance that has not reported itself for so long runs nothing any more
     */
    public void tend(Duration lease) {
        Instant since = clock.instant().minus(lease);
        running.takeOver(
                stores.database().jdbi().withHandle(handle -> stores.services().aliveSince(handle, since)));
        running.cancel();
    }

    /** Stops following the running actions; another instance continues them, or this one when it is started again. */
    @Override
    public void close() {
        running.close();
    }
}
