package io.github.godwit.strategy.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.common.DaemonThreads;
import io.github.godwit.model.schedule.DurationErrors;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.strategy.actionplan.ActionHandlers;
import io.github.godwit.strategy.actionplan.BudgetTerms;
import io.github.godwit.strategy.actionplan.OtherMigrations;
import io.github.godwit.strategy.actionplan.PlanRevision;
import io.github.godwit.strategy.actionplan.PlanRun;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.objects.PlanDraft;
import io.github.godwit.strategy.objects.PlanDraft.Step;
import io.github.godwit.strategy.plan.MigrationPlan;
import io.github.godwit.strategy.plan.MoveDecisions;
import io.github.godwit.strategy.plan.Racks;
import io.github.godwit.strategy.plan.ScheduleSources;
import io.github.godwit.strategy.plan.ScheduleTerms;
import io.github.godwit.strategy.report.PlanReport.Entry;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Jdbi;

/**
 * Runs a plan of migrations as the service does, by {@link PlanRun}, over a database in memory: as its schedule says, or without one one
 * migration at a time, in the order of the plan.
 *
 * <p>An interrupt of the calling thread cancels the plan: the running migration is cancelled and waited for, the others do not
 * begin.
 */
final class LocalPlanRun implements AutoCloseable {

    /** How long a cancelled migration may take to end; one in post-copy continues to its end. */
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(30);

    private static final String INSTANCE = "godwit-strategy";

    private final Cloud cloud;
    private final SloPolicy policy;
    private final MoveDecisions decisions;
    private final RunConfig config;
    private final RunListener listener;
    private final Clock clock = Clock.systemUTC();
    private final ExecutorService threads = DaemonThreads.cached("plan-run");
    private final CompletableFuture<Stores> opened;

    /**
     * Begins to open the database on another thread, since that takes about a second; sampling and profiling take longer.
     *
     * @param cloud    migrates
     * @param policy    the policy whose SLOs the measured values are compared with
     * @param decisions decides what is left, after an end that was not as predicted
     * @param config   what happens after a failure, and the time limit of each migration
     * @param listener receives the progress
     */
    LocalPlanRun(Cloud cloud, SloPolicy policy, MoveDecisions decisions, RunConfig config, RunListener listener) {
        this.decisions = decisions;
        this.cloud = cloud;
        this.policy = policy;
        this.config = config;
        this.listener = listener;
        this.opened =
                CompletableFuture.supplyAsync(() -> Stores.of(Database.inMemory(), Catalog.shipped(), clock), threads);
    }

    /**
     * Runs a plan to its end.
     *
     * @param strategy name of the strategy that wanted it
     * @return one entry for each migration of the plan, in its order; the thread's interrupt flag is set if it was interrupted
     * @throws InterruptedException if the thread is interrupted before the first migration begins
     */
    List<Entry> run(String strategy, MigrationPlan plan) throws InterruptedException {
        if (plan.migrations().isEmpty()) {
            return List.of();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Stores stores = opened();
        ActionPlan stored = stored(strategy, plan);
        List<Action> actions = draft(plan).actions(stored.uuid(), clock.instant());
        Jdbi jdbi = stores.database().jdbi();
        jdbi.useTransaction(handle -> {
            stores.plans().insert(handle, stored, actions);
            plan.facts().ifPresent(facts -> stores.plans().keep(handle, stored.uuid(), facts));
        });

        Events events = new Events();
        PlanProgress progress = new PlanProgress(
                actions,
                plan.migrations(),
                uuid -> jdbi.withHandle(handle -> stores.plans().action(handle, uuid.toString())),
                policy,
                listener);
        events.watch(progress);
        BudgetTerms budget = BudgetTerms.of(cloud, Racks.NONE);
        ActionHandlers handlers = ActionHandlers.of(cloud, events, clock);
        ScheduleSources sources = new ScheduleSources(
                Racks.NONE,
                () -> ScheduleTerms.WITHOUT_NOVA,
                () -> DurationErrors.ASSUMED,
                new OtherMigrations(stores, clock));
        String interruption;
        try (PlanRevision revision = new PlanRevision(
                stores, events, decisions, sources, budget.concurrent(), Optional.of(config.timeLimit()), clock)) {
            PlanRun planRun = new PlanRun(stores, handlers, budget, revision, Optional::empty, events, clock, INSTANCE);
            interruption = interruption(planRun, stores, stored.uuid());
        }
        List<Entry> entries = progress.entries(interruption);
        if (!interruption.isEmpty()) {
            Thread.currentThread().interrupt(); // only now, since the flag keeps the pool from giving out connections
        }
        return entries;
    }

    private Stores opened() throws InterruptedException {
        try {
            return opened.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static IllegalStateException failure(ExecutionException e) {
        return new IllegalStateException(
                "The plan could not be run to its end: %s".formatted(e.getCause()), e.getCause());
    }

    private PlanDraft draft(MigrationPlan plan) {
        List<List<Integer>> parents = plan.parents();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < parents.size(); i++) {
            MigrateParameters parameters = MigrateParameters.of(
                            plan.migrations().get(i), clock.instant())
                    .withTimeLimit(config.timeLimit());
            steps.add(Step.migrate(parameters, parents.get(i)));
        }
        return new PlanDraft(steps, Map.of(), "", config.onFailure(), 1);
    }

    private ActionPlan stored(String strategy, MigrationPlan plan) {
        return new ActionPlan(
                0,
                UUID.randomUUID(),
                UUID.randomUUID(),
                strategy,
                ActionPlanState.ONGOING,
                JsonNodeFactory.instance.arrayNode(),
                JsonNodeFactory.instance.arrayNode(),
                config.onFailure(),
                plan.schedule().isPresent() ? config.parallel() : 1,
                INSTANCE,
                null,
                clock.instant(),
                null,
                plan.schedule().orElse(null));
    }

    /** Waits for the plan's end; returns why it was cut short, in a sentence, or an empty text. */
    private String interruption(PlanRun planRun, Stores stores, UUID plan) {
        Semaphore woken = new Semaphore(0);
        planRun.wakeBy(uuid -> woken.release());
        Future<Void> end = threads.submit(() -> {
            steps(planRun, plan, woken);
            return null;
        });
        try {
            try {
                end.get();
                return "";
            } catch (InterruptedException e) {
                cancel(stores, plan);
                woken.release();
                return cancelled(end);
            }
        } catch (ExecutionException e) {
            throw failure(e);
        } finally {
            end.cancel(true);
        }
    }

    private void steps(PlanRun planRun, UUID plan, Semaphore woken) throws InterruptedException {
        try (planRun) {
            Optional<Instant> next = planRun.step(plan);
            while (next.isPresent()) {
                long pause = Duration.between(clock.instant(), next.get()).toMillis();
                if (woken.tryAcquire(Math.max(0, pause), TimeUnit.MILLISECONDS)) {
                    woken.drainPermits();
                }
                next = planRun.step(plan);
            }
        }
    }

    private static String cancelled(Future<Void> end) throws ExecutionException {
        try {
            end.get(CANCEL_LIMIT.toSeconds(), TimeUnit.SECONDS);
            return "The run was interrupted.";
        } catch (InterruptedException e) {
            return "The run was interrupted again while the migration was being cancelled.";
        } catch (TimeoutException e) {
            return "The migration has not ended within %d s after it was cancelled. It may still be running."
                    .formatted(CANCEL_LIMIT.toSeconds());
        }
    }

    private static void cancel(Stores stores, UUID plan) {
        stores.database()
                .jdbi()
                .useTransaction(handle -> stores.plans()
                        .changePlan(handle, plan, ActionPlanState.ONGOING, ActionPlanState.CANCELLING, INSTANCE, null));
    }

    /** Closes the database as soon as it is open, on another thread, since this one may be interrupted. */
    @Override
    public void close() {
        var unused = opened.thenAcceptAsync(stores -> stores.database().close());
        threads.shutdown();
    }
}
