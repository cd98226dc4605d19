package io.github.godwit.strategy.actionplan;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.solve.Schedulers;
import io.github.godwit.strategy.common.InterruptWhen;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.events.Event;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.plan.JointSchedule;
import io.github.godwit.strategy.plan.MigrationPlan;
import io.github.godwit.strategy.plan.MoveDecisions;
import io.github.godwit.strategy.plan.PlanSchedule;
import io.github.godwit.strategy.plan.PlanSchedule.Deadline;
import io.github.godwit.strategy.plan.PlanSchedule.Revision;
import io.github.godwit.strategy.plan.ScheduleFacts;
import io.github.godwit.strategy.plan.ScheduleSources;
import io.github.godwit.strategy.plan.ScheduleTerms;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules again what is left of a plan after an end that was not as predicted ({@link Deviation}), from the same facts as the first time and
 * by the same {@link JointSchedule}, beside the migrations that run by then and at the pace that the plan has shown. Destinations stay.
 * Nothing is asked of any host.
 *
 * <p>Schedules are made on threads of their own, one at a time for each plan. The plan goes on meanwhile; what has begun before the new
 * schedule is stored keeps its time. It is given up if the plan is cancelled or this instance stops.
 */
public final class PlanRevision implements Reschedule, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PlanRevision.class);

    /** A plan waits for so long, so that what begins next begins by the new schedule. Schedules of some hundred moves are made by then. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** Another migration may begin while a schedule is made; it is made again then, but not for ever. */
    private static final int ATTEMPTS = 3;

    private static final int THREADS = 2;
    private static final int MOST_WAITING = 10_000;
    private static final Duration LAST_WAIT = Duration.ofSeconds(2);

    private final Stores stores;
    private final Events events;
    private final MoveDecisions decisions;
    private final ScheduleSources sources;
    private final MigrationScheduler scheduler;
    private final ToIntFunction<String> concurrent;
    private final Clock clock;
    private final ExecutorService threads = DaemonThreads.bounded("reschedule", THREADS, MOST_WAITING);
    private final Map<UUID, String> wanted = new HashMap<>();
    private final Set<UUID> busy = new HashSet<>();
    private volatile Consumer<UUID> waker = plan -> {};
    private final Optional<Duration> limit;
    private volatile boolean closed;

    /**
     * @param stores     the database
     * @param events     is notified that a plan was rescheduled
     * @param decisions  decides each migration
     * @param sources    what every schedule depends on
     * @param concurrent how many migrations a host may be the source of at a time, by its name; 0 for any number
     * @param limit      the time limit of each migration; empty for the one that follows from its prediction
     * @param clock      current time
     */
    public PlanRevision(
            Stores stores,
            Events events,
            MoveDecisions decisions,
            ScheduleSources sources,
            ToIntFunction<String> concurrent,
            Optional<Duration> limit,
            Clock clock) {
        this(stores, events, decisions, sources, Schedulers.standard(), concurrent, limit, clock);
    }

    PlanRevision(
            Stores stores,
            Events events,
            MoveDecisions decisions,
            ScheduleSources sources,
            MigrationScheduler scheduler,
            ToIntFunction<String> concurrent,
            Optional<Duration> limit,
            Clock clock) {
        this.limit = limit;
        this.stores = stores;
        this.events = events;
        this.decisions = decisions;
        this.sources = sources;
        this.scheduler = scheduler;
        this.concurrent = concurrent;
        this.clock = clock;
    }

    /** Sets what brings forward the next step of a plan, by its UUID. */
    public void wakeBy(Consumer<UUID> wake) {
        waker = wake;
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
            ActionPlan plan = read(handle -> stores.plans().plan(handle, uuid.toString()));
            List<Action> actions = read(handle -> stores.plans().actionsOf(handle, uuid));
            if (!goesOn(plan, actions) || new RemainingMoves(actions).left().isEmpty()) {
                stores.database().jdbi().useHandle(handle -> stores.plans().forgetFacts(handle, uuid));
                return;
            }
            Optional<String> reason = actions.stream()
                    .filter(each -> each.uuid().equals(action))
                    .findFirst()
                    .flatMap(ended -> Deviation.began(actions).flatMap(start -> Deviation.of(ended, actions, start)));
            if (reason.isPresent()) {
                ask(uuid, reason.get()).ifPresent(PlanRevision::await);
            }
        } catch (RuntimeException e) {
            LOG.warn("Plan {} keeps its schedule, because no new one could be made", uuid, e);
        }
    }

    private <T> T read(Function<Handle, T> query) {
        return stores.database().jdbi().withHandle(query::apply);
    }

    private static boolean goesOn(ActionPlan plan, List<Action> actions) {
        boolean stops = plan.onFailure() != OnFailure.GO_ON
                && actions.stream().anyMatch(each -> each.state() == ActionState.FAILED);
        return plan.state() == ActionPlanState.ONGOING
                && plan.schedule() != null
                && plan.schedule().made()
                && !stops;
    }

    /** Wants a new schedule; returns the work, or nothing if it is done after what is being done for the plan. */
    private synchronized Optional<Future<?>> ask(UUID plan, String reason) {
        wanted.put(plan, reason);
        if (!busy.add(plan)) {
            return Optional.empty();
        }
        try {
            return Optional.of(threads.submit(() -> work(plan)));
        } catch (RuntimeException e) {
            busy.remove(plan);
            throw e;
        }
    }

    private synchronized Optional<String> next(UUID plan) {
        Optional<String> reason = Optional.ofNullable(wanted.remove(plan));
        if (reason.isEmpty()) {
            busy.remove(plan);
        }
        return reason;
    }

    private static void await(Future<?> work) {
        try {
            work.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("The plan goes on while its new schedule is made", e);
        } catch (ExecutionException e) {
            LOG.error("No new schedule was made", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(UUID plan) {
        for (Optional<String> reason = next(plan); reason.isPresent(); reason = next(plan)) {
            try {
                revise(plan, reason.get());
            } catch (InterruptedException e) {
                LOG.info("Plan {} gets no new schedule: it does not go on, or this instance stops.", plan);
            } catch (RuntimeException e) {
                LOG.warn("Plan {} keeps its schedule, because no new one could be made", plan, e);
            }
        }
    }

    private void revise(UUID uuid, String reason) throws InterruptedException {
        boolean done = false;
        for (int attempt = 1; attempt <= ATTEMPTS && !done; attempt++) {
            List<Action> actions = read(handle -> stores.plans().actionsOf(handle, uuid));
            RemainingMoves remaining = new RemainingMoves(actions);
            Optional<ScheduleFacts> facts = read(handle -> stores.plans().facts(handle, uuid));
            Optional<Instant> began = Deviation.began(actions);
            if (closed || facts.isEmpty() || began.isEmpty() || remaining.left().isEmpty()) {
                return;
            }
            Instant now = clock.instant();
            double elapsed = Deviation.seconds(began.get(), now);
            MigrationPlan made = scheduled(uuid, facts.get(), remaining, Deviation.pace(actions), now);
            Revision revision = new Revision(
                    now, reason, made.schedule().orElseThrow().end().plus(elapsed));
            done = stored(uuid, remaining, made, revision, elapsed, attempt == ATTEMPTS);
        }
    }

    @SuppressWarnings("try") // it polls until the end of the block
    private MigrationPlan scheduled(UUID uuid, ScheduleFacts facts, RemainingMoves remaining, double pace, Instant now)
            throws InterruptedException {
        Deadline deadline = read(handle -> stores.plans().plan(handle, uuid.toString()))
                .schedule()
                .deadline();
        ScheduleTerms terms = facts.terms(sources).atPace(pace).until(deadline == null ? null : deadline.at());
        JointSchedule schedule =
                new JointSchedule(decisions.by(facts.policy(), facts.reservation()), terms, scheduler, concurrent);
        ScheduleFacts left = facts.after(remaining.left(), remaining.arrived());
        try (InterruptWhen needless = InterruptWhen.becomes(() -> closed || !isOngoing(uuid))) {
            return schedule.plan(left, now);
        }
    }

    private boolean isOngoing(UUID uuid) {
        return read(handle -> stores.plans().findPlan(handle, uuid.toString()))
                .map(ActionPlan::state)
                .filter(state -> state == ActionPlanState.ONGOING)
                .isPresent();
    }

    /**
     * Stores a new schedule.
     *
     * @param last whether it is stored even if a migration has begun meanwhile, which then keeps its own time
     * @return whether there is nothing more to do
     */
    private boolean stored(
            UUID uuid, RemainingMoves remaining, MigrationPlan made, Revision revision, double elapsed, boolean last) {
        List<Action> changed = remaining.by(made, elapsed, limit);
        Optional<Boolean> stored = stores.database().jdbi().inTransaction(handle -> {
            stores.plans().lockBudget(handle);
            ActionPlan plan = stores.plans().plan(handle, uuid.toString());
            List<Action> actions = stores.plans().actionsOf(handle, uuid);
            if (!goesOn(plan, actions)) {
                return Optional.of(false);
            }
            if (!last && !new RemainingMoves(actions).left().equals(remaining.left())) {
                return Optional.empty();
            }
            changed.forEach(action -> stores.plans().replan(handle, action));
            PlanSchedule before = plan.schedule();
            Deadline deadline = judged(before.deadline(), new RemainingMoves(actions), made);
            stores.plans().reschedule(handle, uuid, before.revised(revision, deadline));
            String message = RescheduleNote.apply(
                    plan.statusMessage(), before.revisions().size() + 1, revision.reason(), deadline);
            return Optional.of(stores.plans()
                    .changePlan(handle, uuid, ActionPlanState.ONGOING, ActionPlanState.ONGOING, null, message));
        });
        if (stored.isPresent() && stored.get()) {
            LOG.info("Plan {} was rescheduled: {}", uuid, revision.reason());
            events.publish(new Event(
                    revision.at(),
                    Event.ACTION_PLAN,
                    uuid.toString(),
                    Texts.mapper()
                            .valueToTree(Map.of(
                                    "state", "ONGOING", "status_message", "Rescheduled. " + revision.reason()))));
            waker.accept(uuid);
        }
        return stored.isPresent();
    }

    /** A VM whose migration did not succeed stays on its host, as one that could not be planned. */
    private static Deadline judged(Deadline before, RemainingMoves actions, MigrationPlan made) {
        if (before == null || (before.inTheWay() != null && !actions.contains(before.inTheWay()))) {
            return before;
        }
        return actions.stays()
                .map(vm -> Deadline.missed(before.at(), vm))
                .orElseGet(() -> made.schedule().orElseThrow().deadline());
    }

    /** Gives up what is being made; the plans keep their schedules. */
    @Override
    public void close() {
        closed = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("A schedule is still being made.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
