package io.github.godwit.strategy.service;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
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
import io.github.godwit.strategy.audit.RunningAudits;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.Audit;
import io.github.godwit.strategy.objects.AuditState;
import io.github.godwit.strategy.objects.AuditType;
import io.github.godwit.strategy.objects.TrailEvent;
import io.github.godwit.strategy.store.Retention;
import io.github.godwit.strategy.store.Stores;
import io.github.godwit.strategy.trail.Trail;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Distributes audits and the steps of action plans among the instances. Each is a task in the database that one instance picks. When an
 * instance dies, its heartbeat stops, and after {@link Pace#deadAfter} another instance takes over its tasks and running actions.
 */
public final class Tasks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);
    private static final TaskDescriptor<Void> AUDIT = TaskDescriptor.of("audit");
    private static final TaskDescriptor<Void> PLAN = TaskDescriptor.of("action-plan");
    private static final SchedulerClient.ScheduleOptions RESCHEDULE =
            SchedulerClient.ScheduleOptions.defaultOptions().whenExistsReschedule();

    private static final int MISSED_BEATS = 4;
    private static final String PLAN_TYPE = "action_plan";

    /** Beginnings of audits and steps of plans take them for moments only. */
    static final int THREADS = 16;

    private static final long TEND_MILLIS = 1000;

    private static final int LONGEST_SCHEDULER_NAME = 50;
    private static final Duration LAST_WAIT = Duration.ofMillis(500);

    /**
     * Intervals of the tasks.
     *
     * @param poll       interval at which an instance polls for tasks
     * @param beat       interval of its heartbeat
     * @param planExpiry age at which an action plan that was not started is superseded
     * @param keep       how long what has ended or was deleted is kept
     */
    public record Pace(Duration poll, Duration beat, Duration planExpiry, Keep keep) {

        /** Polls twice a second, with a heartbeat every 10 s. Plans expire after a day, as in Watcher, and everything is kept for 90 days. */
        public static final Pace DEFAULT = new Pace(
                Duration.ofMillis(500), Duration.ofSeconds(10), Duration.ofHours(24), Keep.all(Duration.ofDays(90)));

        /** The same intervals with everything kept equally long. */
        public Pace(Duration poll, Duration beat, Duration planExpiry, Duration keep) {
            this(poll, beat, planExpiry, Keep.all(keep));
        }

        /** Returns the time without a heartbeat after which an instance counts as dead. */
        public Duration deadAfter() {
            return beat.multipliedBy(MISSED_BEATS);
        }
    }

    private final Stores stores;
    private final AuditRun audits;
    private final RunningAudits running;
    private final PlanRun plans;
    private final Trail trail;
    private final Clock clock;
    private final Pace pace;
    private final String hostname;
    private final Scheduler scheduler;
    private final List<ScheduledFuture<?>> repeated = new ArrayList<>();
    private final ScheduledExecutorService chores = DaemonThreads.scheduled("chores");
    private final ScheduledExecutorService tending = DaemonThreads.scheduled("running-actions");

    /** The plans of which a step is being taken here, and whether they have been woken since it began. */
    private final Map<UUID, Boolean> steps = new ConcurrentHashMap<>();

    /** Audits whose next check could not be stored, because their task ran. */
    private final Map<UUID, Instant> wanted = new ConcurrentHashMap<>();

    /**
     * @param stores   access to the database
     * @param audits   begins and ends runs of audits
     * @param running  the audits that run here; closed with the tasks
     * @param plans    executes action plans; closed with the tasks
     * @param trail    gets what audits do by themselves
     * @param clock    current time
     * @param pace     intervals
     * @param hostname name of this instance, unique among those that share the database
     */
    public Tasks(
            Stores stores,
            AuditRun audits,
            RunningAudits running,
            PlanRun plans,
            Trail trail,
            Clock clock,
            Pace pace,
            String hostname) {
        this.stores = stores;
        this.audits = audits;
        this.running = running;
        this.plans = plans;
        this.trail = trail;
        this.clock = clock;
        this.pace = pace;
        this.hostname = hostname;
        this.scheduler = Scheduler.create(stores.database().dataSource(), auditTask(), planTask())
                .threads(THREADS)
                .pollingInterval(pace.poll())
                .heartbeatInterval(pace.beat())
                .missedHeartbeatsLimit(MISSED_BEATS)
                .schedulerName(new SchedulerName.Fixed(schedulerName(hostname)))
                .shutdownMaxWait(LAST_WAIT)
                .enableImmediateExecution()
                .alwaysPersistTimestampInUTC()
                .build();
        plans.wakeBy(this::runPlan);
        running.endBy(this::ended);
    }

    /** Any name of an instance, within the 50 characters of {@code picked_by}: the end of a longer one becomes its checksum. */
    static String schedulerName(String hostname) {
        if (hostname.length() <= LONGEST_SCHEDULER_NAME) {
            return hostname;
        }
        CRC32 checksum = new CRC32();
        checksum.update(hostname.getBytes(StandardCharsets.UTF_8));
        String end = String.format(Locale.ROOT, "#%08x", checksum.getValue());
        return TextRule.cut(hostname, LONGEST_SCHEDULER_NAME - end.length()) + end;
    }

    private CustomTask<Void> auditTask() {
        return com.github.kagkarlsson.scheduler.task.helper.Tasks.custom(AUDIT)
                .onFailure(new FailureHandler.OnFailureRetryLater<>(pace.beat()))
                .onDeadExecution(new DeadExecutionHandler.ReviveDeadExecution<>())
                .execute((instance, context) -> {
                    UUID audit = UUID.fromString(instance.getId());
                    RunningAudits.Start start = running.begin(audit);
                    CompletionHandler<Void> then = after(start.look());
                    return (complete, tasks) -> {
                        try {
                            then.complete(complete, tasks);
                        } finally {
                            start.go().run();
                        }
                        runWanted(audit);
                    };
                });
    }

    private void ended(UUID audit, AuditRun.Result result) {
        result.plan().ifPresent(plan -> trail.own("create", new TrailEvent.Target(PLAN_TYPE, plan.toString()), audit));
        result.startedPlan()
                .ifPresent(plan -> trail.own("start", new TrailEvent.Target(PLAN_TYPE, plan.toString()), audit));
        result.startedPlan().ifPresent(this::runPlan);
        result.next().ifPresent(time -> runAudit(audit, time));
    }

    private static CompletionHandler<Void> after(Optional<Instant> next) {
        return next.<CompletionHandler<Void>>map(time -> (complete, tasks) -> tasks.reschedule(complete, time))
                .orElseGet(CompletionHandler.OnCompleteRemove::new);
    }

    private CustomTask<Void> planTask() {
        return com.github.kagkarlsson.scheduler.task.helper.Tasks.custom(PLAN)
                .onFailure(new FailureHandler.OnFailureRetryLater<>(pace.beat()))
                .onDeadExecution(new DeadExecutionHandler.ReviveDeadExecution<>())
                .execute((instance, context) -> {
                    UUID plan = UUID.fromString(instance.getId());
                    steps.put(plan, false);
                    try {
                        CompletionHandler<Void> then = after(plans.step(plan));
                        return (complete, tasks) -> {
                            then.complete(complete, tasks);
                            if (Boolean.TRUE.equals(steps.remove(plan))) {
                                runPlan(plan);
                            }
                        };
                    } catch (RuntimeException e) {
                        steps.remove(plan);
                        throw e;
                    }
                });
    }

    /** Starts to pick tasks. */
    public void start() {
        beat();
        scheduler.start();
        long beat = pace.beat().toMillis();
        repeated.add(chores.scheduleWithFixedDelay(loggingFailures(this::beat), beat, beat, TimeUnit.MILLISECONDS));
        repeated.add(
                chores.scheduleWithFixedDelay(loggingFailures(this::scheduleMissing), 0, beat, TimeUnit.MILLISECONDS));
        repeated.add(chores.scheduleWithFixedDelay(
                loggingFailures(this::scheduleMissingPlans), 0, beat, TimeUnit.MILLISECONDS));
        repeated.add(chores.scheduleWithFixedDelay(loggingFailures(this::supersede), 0, 60, TimeUnit.SECONDS));
        repeated.add(chores.scheduleWithFixedDelay(loggingFailures(this::removeOld), 0, 60, TimeUnit.SECONDS));
        repeated.add(tending.scheduleWithFixedDelay(
                loggingFailures(() -> plans.tend(pace.deadAfter())), 0, TEND_MILLIS, TimeUnit.MILLISECONDS));
    }

    private static Runnable loggingFailures(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.warn("A background task failed and will be retried", e);
            }
        };
    }

    /** Schedules a check of an audit, at which it begins to run if that is due. */
    public void runAudit(UUID audit, Instant time) {
        try {
            if (!scheduler.scheduleIfNotExists(AUDIT.instance(audit.toString()).scheduledTo(time))) {
                scheduler.reschedule(AUDIT.instanceId(audit.toString()), time);
            }
        } catch (TaskInstanceException e) {
            // Its task runs now, or was made or has gone between db-scheduler's query and its insert or
            // update.
            LOG.debug("Audit {} is being checked", audit, e);
            wanted.merge(audit, time, (one, other) -> one.isBefore(other) ? one : other);
        }
    }

    private void runWanted(UUID audit) {
        Instant time = wanted.remove(audit);
        if (time != null) {
            runAudit(audit, time);
        }
    }

    /**
     * Schedules the next step of an action plan now. If a step is being taken, another one follows: at once if that is on this instance,
     * else at its time.
     */
    public void runPlan(UUID plan) {
        steps.computeIfPresent(plan, (uuid, woken) -> true);
        try {
            scheduler.schedule(PLAN.instance(plan.toString()).scheduledTo(clock.instant()), RESCHEDULE);
        } catch (TaskInstanceException e) {
            LOG.debug("A step of plan {} is being taken", plan, e);
        }
    }

    private void beat() {
        stores.database().jdbi().useTransaction(handle -> {
            stores.services().seen(handle, "watcher-decision-engine", hostname);
            stores.services().seen(handle, "watcher-applier", hostname);
        });
    }

    /**
     * Schedules audits without a task, because an instance may die after it has stored one and before it has scheduled it, and those that
     * wait for nothing.
     */
    private void scheduleMissing() {
        List<Audit> active = stores.database()
                .jdbi()
                .withHandle(handle -> stores.audits().in(handle, EnumSet.of(AuditState.PENDING, AuditState.ONGOING)));
        Set<UUID> here = running.here();
        for (Audit audit : active) {
            boolean awaitsTrigger = audit.type() == AuditType.EVENT && audit.state() == AuditState.PENDING;
            if (audits.forgotten(audit, here.contains(audit.uuid()))) {
                runAudit(audit.uuid(), clock.instant());
            } else if (!awaitsTrigger) {
                scheduler.scheduleIfNotExists(
                        AUDIT.instance(audit.uuid().toString()).scheduledTo(clock.instant()));
            }
        }
        List.copyOf(wanted.keySet()).forEach(this::runWanted);
    }

    /** Schedules plans without a task. */
    private void scheduleMissingPlans() {
        List<ActionPlan> plansToRun =
                stores.database().jdbi().withHandle(handle -> stores.plans().plansIn(handle, ActionPlanState.active()));
        plansToRun.forEach(plan -> scheduler.scheduleIfNotExists(
                PLAN.instance(plan.uuid().toString()).scheduledTo(clock.instant())));
    }

    private void supersede() {
        int superseded = stores.database()
                .jdbi()
                .inTransaction(handle ->
                        stores.plans().supersede(handle, clock.instant().minus(pace.planExpiry())));
        if (superseded > 0) {
            LOG.info("Superseded {} action plans that were not started in time.", superseded);
        }
    }

    private void removeOld() {
        int removed = stores.database()
                .jdbi()
                .inTransaction(handle -> Retention.remove(handle, pace.keep().before(clock.instant())));
        if (removed > 0) {
            LOG.info("Removed {} action plans and audits that had ended long ago.", removed);
        }
    }

    /** Stops. Running tasks are continued by another instance, or by this one when it is started again. */
    @Override
    public void close() {
        repeated.forEach(chore -> chore.cancel(false));
        chores.shutdown();
        tending.shutdown();
        scheduler.stop();
        Set<UUID> unfinished = running.here();
        running.close();
        unfinished.forEach(audit -> runAudit(audit, clock.instant()));
        plans.close();
    }
}
