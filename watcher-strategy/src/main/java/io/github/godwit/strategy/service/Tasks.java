package io.github.godwit.strategy.service;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.DeadExecutionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import io.github.godwit.common.DaemonThreads;
import io.github.godwit.strategy.actionplan.PlanRun;
import io.github.godwit.strategy.audit.AuditRun;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.Audit;
import io.github.godwit.strategy.objects.AuditState;
import io.github.godwit.strategy.objects.AuditType;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who does what when: audits and action plans are tasks in the database, each of which one instance picks. An instance that
 * dies stops beating; after {@link Pace#deadAfter} another one picks up what it had.
 */
public final class Tasks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);
    private static final TaskDescriptor<Void> AUDIT = TaskDescriptor.of("audit");
    private static final TaskDescriptor<Void> PLAN = TaskDescriptor.of("action-plan");
    private static final int MISSED_BEATS = 4;
    private static final int THREADS = 8;
    private static final Duration LAST_WAIT = Duration.ofMillis(500);

    /**
     * How fast things go on.
     *
     * @param poll       how often an instance looks for tasks
     * @param beat       how often it shows that it is alive
     * @param planExpiry age at which a plan that nobody started is superseded
     */
    public record Pace(Duration poll, Duration beat, Duration planExpiry) {

        /** Looks twice a second, beats every ten; plans are good for a day, as in Watcher. */
        public static final Pace DEFAULT =
                new Pace(Duration.ofMillis(500), Duration.ofSeconds(10), Duration.ofHours(24));

        /** After that an instance counts as dead. */
        public Duration deadAfter() {
            return beat.multipliedBy(MISSED_BEATS);
        }
    }

    private final Stores stores;
    private final Clock clock;
    private final Pace pace;
    private final String hostname;
    private final Scheduler scheduler;
    private final List<ScheduledFuture<?>> repeated = new ArrayList<>();
    private final ScheduledExecutorService chores = DaemonThreads.scheduled("chores");

    /**
     * @param stores   what is stored
     * @param audits   carries out audits
     * @param plans    carries out plans
     * @param clock    tells the time
     * @param pace     how fast things go on
     * @param hostname this instance, of its own among those that share the database
     */
    public Tasks(Stores stores, AuditRun audits, PlanRun plans, Clock clock, Pace pace, String hostname) {
        this.stores = stores;
        this.clock = clock;
        this.pace = pace;
        this.hostname = hostname;
        this.scheduler = Scheduler.create(stores.database().dataSource(), auditTask(audits), planTask(plans))
                .threads(THREADS)
                .pollingInterval(pace.poll())
                .heartbeatInterval(pace.beat())
                .missedHeartbeatsLimit(MISSED_BEATS)
                .schedulerName(new SchedulerName.Fixed(hostname))
                .shutdownMaxWait(LAST_WAIT)
                .enableImmediateExecution()
                .alwaysPersistTimestampInUTC()
                .build();
    }

    private CustomTask<Void> auditTask(AuditRun audits) {
        return com.github.kagkarlsson.scheduler.task.helper.Tasks.custom(AUDIT)
                .onFailure(new FailureHandler.OnFailureRetryLater<>(pace.beat()))
                .onDeadExecution(new DeadExecutionHandler.ReviveDeadExecution<>())
                .execute((instance, context) -> {
                    AuditRun.Result result = audits.run(UUID.fromString(instance.getId()));
                    result.startedPlan().ifPresent(this::runPlan);
                    return result.next()
                            .<CompletionHandler<Void>>map(
                                    next -> (complete, operations) -> operations.reschedule(complete, next))
                            .orElseGet(CompletionHandler.OnCompleteRemove::new);
                });
    }

    private CustomTask<Void> planTask(PlanRun plans) {
        return com.github.kagkarlsson.scheduler.task.helper.Tasks.custom(PLAN)
                .onFailure(new FailureHandler.OnFailureRetryLater<>(pace.beat()))
                .onDeadExecution(new DeadExecutionHandler.ReviveDeadExecution<>())
                .execute((instance, context) -> {
                    try {
                        plans.run(UUID.fromString(instance.getId()));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException("This instance is stopping; another one goes on.", e);
                    }
                    return new CompletionHandler.OnCompleteRemove<>();
                });
    }

    /** Begins to work. */
    public void start() {
        beat();
        scheduler.start();
        long beat = pace.beat().toMillis();
        repeated.add(chores.scheduleWithFixedDelay(guarded(this::beat), beat, beat, TimeUnit.MILLISECONDS));
        repeated.add(chores.scheduleWithFixedDelay(guarded(this::pickUp), 0, beat, TimeUnit.MILLISECONDS));
        repeated.add(chores.scheduleWithFixedDelay(guarded(this::supersede), 0, 60, TimeUnit.SECONDS));
    }

    private static Runnable guarded(Runnable chore) {
        return () -> {
            try {
                chore.run();
            } catch (RuntimeException e) {
                LOG.warn("A chore failed and is tried again: {}", e.toString());
            }
        };
    }

    /** Has an audit run at a time; one that is just running is picked up again when it has ended. */
    public void runAudit(UUID audit, Instant time) {
        try {
            if (!scheduler.scheduleIfNotExists(AUDIT.instance(audit.toString()).scheduledTo(time))) {
                scheduler.reschedule(AUDIT.instanceId(audit.toString()), time);
            }
        } catch (TaskInstanceException e) {
            // Running, gone, or begun or ended between db-scheduler's look and its insert or update.
            LOG.debug("Audit {} runs or has just ended; the next look for what is left runs it again", audit);
        }
    }

    /** Has a plan carried out now. */
    public void runPlan(UUID plan) {
        scheduler.scheduleIfNotExists(PLAN.instance(plan.toString()).scheduledTo(clock.instant()));
    }

    private void beat() {
        stores.database().jdbi().useTransaction(handle -> {
            stores.services().seen(handle, "watcher-decision-engine", hostname);
            stores.services().seen(handle, "watcher-applier", hostname);
        });
    }

    /** What an instance stored and then died before it made the task of it. */
    private void pickUp() {
        List<Audit> audits = stores.database()
                .jdbi()
                .withHandle(handle -> stores.audits().in(handle, EnumSet.of(AuditState.PENDING, AuditState.ONGOING)));
        for (Audit audit : audits) {
            boolean waits = audit.type() == AuditType.EVENT && audit.state() == AuditState.PENDING;
            if (!waits) {
                Instant time = audit.nextRunTime() == null ? clock.instant() : audit.nextRunTime();
                scheduler.scheduleIfNotExists(
                        AUDIT.instance(audit.uuid().toString()).scheduledTo(time));
            }
        }
        List<ActionPlan> plans =
                stores.database().jdbi().withHandle(handle -> stores.plans().plansIn(handle, ActionPlanState.active()));
        plans.forEach(plan -> runPlan(plan.uuid()));
    }

    private void supersede() {
        int superseded = stores.database()
                .jdbi()
                .inTransaction(handle ->
                        stores.plans().supersede(handle, clock.instant().minus(pace.planExpiry())));
        if (superseded > 0) {
            LOG.info("{} action plans were too old to be started and are superseded.", superseded);
        }
    }

    /** Stops; what is being carried out goes on in another instance, or when this one is started again. */
    @Override
    public void close() {
        repeated.forEach(chore -> chore.cancel(false));
        chores.shutdown();
        scheduler.stop();
    }
}
