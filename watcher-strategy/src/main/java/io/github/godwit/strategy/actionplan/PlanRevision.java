package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.Objective;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduledMigration;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.solve.Schedulers;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.events.Event;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.plan.MigrationSlot;
import io.github.godwit.strategy.plan.PlanSchedule;
import io.github.godwit.strategy.plan.PlanSchedule.Deadline;
import io.github.godwit.strategy.plan.PlanSchedule.Revision;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules again what is left of a plan after an end that was not as predicted ({@link Deviation}). Destinations and techniques stay; order,
 * what waits for what, and bandwidth may change. Nothing is asked of any host: predictions are made from what the plan observed, and are
 * corrected by how long its migrations have taken so far.
 */
public final class PlanRevision implements Reschedule {

    private static final Logger LOG = LoggerFactory.getLogger(PlanRevision.class);

    private final Stores stores;
    private final Events events;
    private final BudgetTerms budget;
    private final Predictor predictor;
    private final Supplier<Interval> overhead;
    private final Clock clock;

    /**
     * @param stores    the database
     * @param events    is notified that a plan was rescheduled
     * @param budget    what limits the migrations of all plans
     * @param predictor predicts migrations
     * @param overhead  time of a migration besides its transfer, in seconds
     * @param clock     current time
     */
    public PlanRevision(
            Stores stores,
            Events events,
            BudgetTerms budget,
            Predictor predictor,
            Supplier<Interval> overhead,
            Clock clock) {
        this.stores = stores;
        this.events = events;
        this.budget = budget;
        this.predictor = predictor;
        this.overhead = overhead;
        this.clock = clock;
    }

    @Override
    public void begins(UUID uuid) {
        stores.database().jdbi().useTransaction(handle -> {
            PlanSchedule schedule = stores.plans().plan(handle, uuid.toString()).schedule();
            if (schedule != null && schedule.deadline() != null) {
                stores.plans().reschedule(handle, uuid, schedule.ifBegun(clock.instant()));
            }
        });
    }

    @Override
    public void afterEnd(UUID uuid, UUID action) {
        try {
            ActionPlan plan =
                    stores.database().jdbi().withHandle(handle -> stores.plans().plan(handle, uuid.toString()));
            List<Action> actions =
                    stores.database().jdbi().withHandle(handle -> stores.plans().actionsOf(handle, uuid));
            if (!revisable(plan, actions)) {
                return;
            }
            Optional<Instant> began = Deviation.began(actions);
            Optional<String> reason = actions.stream()
                    .filter(each -> each.uuid().equals(action))
                    .findFirst()
                    .flatMap(ended -> began.flatMap(start -> Deviation.of(ended, actions, start)));
            if (reason.isPresent()) {
                revise(plan, actions, began.get(), reason.get());
            }
        } catch (RuntimeException e) {
            LOG.warn("Plan {} keeps its schedule, because no new one could be made", uuid, e);
        }
    }

    /** Violations are not predicted again; a plan that minimises them keeps its schedule. */
    private static boolean revisable(ActionPlan plan, List<Action> actions) {
        boolean stops = plan.onFailure() != OnFailure.GO_ON
                && actions.stream().anyMatch(each -> each.state() == ActionState.FAILED);
        return plan.state() == ActionPlanState.ONGOING
                && plan.schedule() != null
                && plan.schedule().objective() == Objective.EMPTY_TIME
                && !stops;
    }

    private void revise(ActionPlan revised, List<Action> actions, Instant began, String reason) {
        UUID uuid = revised.uuid();
        Map<String, Action> left = new HashMap<>();
        Map<String, Action> known = new HashMap<>();
        for (Action action : actions) {
            if (Readiness.isScheduled(action)) {
                known.put(vm(action), action);
                if (action.state() == ActionState.PENDING) {
                    left.put(vm(action), action);
                }
            }
        }
        Instant now = clock.instant();
        double elapsed = Deviation.seconds(began, now);
        RemainingMoves remaining =
                new RemainingMoves(predictor, overhead.get(), Deviation.pace(actions), budget.racks());
        SchedulingProblem problem =
                remaining.problem(actions, apart(), host -> limit(host, revised.parallel()), elapsed);
        Schedule schedule = Schedulers.standard().schedule(problem);
        List<Action> changed = schedule.migrations().stream()
                .map(migration -> moved(left.get(migration.vm()), migration, known, elapsed))
                .toList();
        MigrationSlot.Span end = MigrationSlot.Span.of(schedule.end()).plus(elapsed);
        boolean stored = stores.database().jdbi().inTransaction(handle -> {
            stores.plans().lockBudget(handle);
            ActionPlan plan = stores.plans().plan(handle, uuid.toString());
            if (plan.state() != ActionPlanState.ONGOING || plan.schedule() == null) {
                return false;
            }
            changed.forEach(action -> stores.plans().replan(handle, action));
            PlanSchedule before = plan.schedule();
            Deadline deadline = judged(before.deadline(), known, now, schedule);
            stores.plans().reschedule(handle, uuid, before.revised(new Revision(now, reason, end), deadline));
            return stores.plans()
                    .changePlan(
                            handle,
                            uuid,
                            ActionPlanState.ONGOING,
                            ActionPlanState.ONGOING,
                            null,
                            RescheduleNote.apply(
                                    plan.statusMessage(), before.revisions().size() + 1, reason, deadline));
        });
        if (stored) {
            LOG.info("Plan {} was rescheduled: {}", uuid, reason);
            events.publish(new Event(
                    now,
                    Event.ACTION_PLAN,
                    uuid.toString(),
                    Texts.mapper()
                            .valueToTree(Map.of("state", "ONGOING", "status_message", "Rescheduled. " + reason))));
        }
    }

    /** A VM whose migration did not succeed stays on its host, as one that could not be planned. */
    private static Deadline judged(Deadline before, Map<String, Action> known, Instant now, Schedule schedule) {
        if (before == null || (before.inTheWay() != null && !known.containsKey(before.inTheWay()))) {
            return before;
        }
        return known.entrySet().stream()
                .filter(each -> each.getValue().state() == ActionState.FAILED
                        || each.getValue().state() == ActionState.CANCELLED)
                .map(Map.Entry::getKey)
                .min(String::compareTo)
                .map(before::missedBecauseOf)
                .orElseGet(() -> Deadline.of(before.at(), now, schedule));
    }

    private int limit(String host, int parallel) {
        int most = budget.concurrent().applyAsInt(host);
        return most == 0 ? parallel : Math.min(most, parallel);
    }

    private List<Set<String>> apart() {
        try {
            return budget.rules().get().apart();
        } catch (ServiceRefusal e) {
            LOG.debug("Rescheduled without anti-affinity, which the budget keeps anyway", e);
            return List.of();
        }
    }

    /** The action at its new time. Parents that are no migrations of the schedule, such as disabling a host, stay. */
    private static Action moved(
            Action action, ScheduledMigration migration, Map<String, Action> known, double elapsed) {
        Set<UUID> scheduled = new HashSet<>();
        known.values().forEach(each -> scheduled.add(each.uuid()));
        List<UUID> parents = new ArrayList<>(action.parents());
        parents.removeAll(scheduled);
        migration.after().stream()
                .sorted()
                .map(known::get)
                .filter(parent -> parent != null)
                .forEach(parent -> parents.add(parent.uuid()));
        MigrateParameters parameters = MigrateParameters.read(action.parameters())
                .withSchedule(MigrationSlot.of(
                        migration,
                        elapsed,
                        action.parameters().path("schedule").path("priority").asInt()));
        ObjectNode input = Texts.mapper().valueToTree(parameters);
        return action.replanned(parents, input);
    }

    private static String vm(Action action) {
        return action.parameters().path("resource_id").asText();
    }
}
