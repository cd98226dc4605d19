package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.schedule.Objective;
import io.github.godwit.strategy.actionplan.ActionHandlers;
import io.github.godwit.strategy.actionplan.BudgetTerms;
import io.github.godwit.strategy.actionplan.PlanRun;
import io.github.godwit.strategy.actionplan.Reschedule;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.plan.MigrationSlot;
import io.github.godwit.strategy.plan.MigrationSlot.Span;
import io.github.godwit.strategy.plan.PlanSchedule;
import io.github.godwit.strategy.plan.PlanSchedule.Deadline;
import io.github.godwit.strategy.plan.Racks;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Steps of plans, taken by hand on one or two instances. h1 and h2 may each be the source of one migration at a time. A step returns at once,
 * whatever the plan waits for; only what wakes a plan leads to its next step.
 */
@Timeout(60)
class PlanStepsTest {

    private static final Duration LEASE = Duration.ofSeconds(40);

    private final SetClock clock = new SetClock();
    private final FakeCloud cloud = new FakeCloud(DrawnCluster.draw("""
                    host h1 cores=8 memory=16384
                      vm a
                      vm b
                    host h2 cores=8 memory=16384
                    host h3 cores=8 memory=16384
                    """)).concurrent(1);
    private final Database database = database().open();
    private final Stores stores = Stores.of(database, Catalog.shipped(), clock);
    private final List<UUID> noted = new CopyOnWriteArrayList<>();
    private final BlockingQueue<UUID> woken = new LinkedBlockingQueue<>();
    private final PlanRun one = instance("one");

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    @AfterEach
    void close() {
        cloud.release();
        one.close();
        database.close();
    }

    /** A clock that stands still. */
    private static final class SetClock extends Clock {
        private volatile Instant now = Instant.ofEpochSecond(1_000_000);

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private PlanRun instance(String name) {
        PlanRun run = new PlanRun(
                stores,
                ActionHandlers.of(cloud, new Events(), clock),
                BudgetTerms.of(cloud, Racks.NONE),
                new Reschedule() {
                    @Override
                    public void begins(UUID plan) {}

                    @Override
                    public void afterEnd(UUID plan, UUID action) {
                        noted.add(action);
                    }
                },
                Optional::empty,
                new Events(),
                clock,
                name);
        run.wakeBy(woken::add);
        return run;
    }

    /** Stores a plan that was started and migrates a VM from h1. */
    private Action plan(String vm, String to) {
        return plan(vm, to, null);
    }

    private Action plan(String vm, String to, PlanSchedule schedule) {
        UUID plan = UUID.randomUUID();
        ObjectNode parameters = Texts.mapper()
                .valueToTree(Map.of(
                        "migration_type", "live",
                        "resource_id", vm,
                        "source_node", "h1",
                        "destination_node", to,
                        "technique", "PRE"));
        if (schedule != null) {
            Span now = new Span(0, 0, 0);
            parameters.set(
                    "schedule",
                    Texts.mapper()
                            .valueToTree(new MigrationSlot(1, now, schedule.end(), List.of(), Set.of(), 0, null)));
        }
        Action action = Action.pending(plan, "migrate", List.of(), "", parameters, clock.instant());
        ActionPlan stored = new ActionPlan(
                0,
                plan,
                UUID.randomUUID(),
                "actuator",
                ActionPlanState.PENDING,
                JsonNodeFactory.instance.arrayNode(),
                JsonNodeFactory.instance.arrayNode(),
                OnFailure.GO_ON,
                1,
                null,
                null,
                clock.instant(),
                null);
        database.jdbi()
                .useTransaction(
                        handle -> stores.plans().insert(handle, stored.withSchedule(schedule), List.of(action)));
        return action;
    }

    private Action stored(Action action) {
        return database.jdbi()
                .withHandle(
                        handle -> stores.plans().action(handle, action.uuid().toString()));
    }

    private ActionPlan planOf(Action action) {
        return database.jdbi()
                .withHandle(
                        handle -> stores.plans().plan(handle, action.planUuid().toString()));
    }

    private void awaitWoken(Action action) throws InterruptedException {
        UUID next;
        do {
            next = woken.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("a plan is woken").isNotNull();
        } while (!next.equals(action.planUuid()));
    }

    /** A plan is also woken when a transfer begins. */
    private void awaitEnd(Action action) throws InterruptedException {
        do {
            awaitWoken(action);
        } while (!stored(action).state().isFinal());
    }

    @Test
    void aPlanThatWaitsForThePlaceOfAnotherOneReturnsAndIsWokenWhenItIsFree() throws Exception {
        cloud.holding("a").holding("b");
        Action first = plan("a", "h2");
        Action second = plan("b", "h3");
        one.step(first.planUuid());
        Optional<Instant> next = one.step(second.planUuid());

        assertThat(next)
                .as("the latest time of the next step")
                .contains(clock.instant().plusSeconds(5));
        assertThat(stored(second).state()).isEqualTo(ActionState.PENDING);
        assertThat(stored(second).execution().queued()).isTrue();
        assertThat(stored(second).statusMessage()).startsWith("Waiting. The running migrations leave no room");

        clock.pass(Duration.ofSeconds(100));
        cloud.release("a");
        awaitWoken(second);
        assertThat(one.step(second.planUuid())).isPresent();
        assertThat(stored(second).state()).isEqualTo(ActionState.ONGOING);
        cloud.release("b");
        awaitEnd(second);
        assertThat(one.step(second.planUuid())).isEmpty();

        Action ended = stored(second);
        assertThat(ended.state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(ended.waited()).isEqualTo(Duration.ofSeconds(100));
        assertThat(ended.startedAt()).as("its real begin").isEqualTo(clock.instant());
        assertThat(planOf(second).state()).isEqualTo(ActionPlanState.SUCCEEDED);
        assertThat(noted).as("the first plan has not taken a step since").containsExactly(second.uuid());
    }

    /** It takes 20 s, and has to end within a minute. It waits for 100 s. */
    @Test
    void aDeadlineIsJudgedAgainWhenAPlanHadToWait() throws Exception {
        Deadline deadline = new Deadline(clock.instant().plusSeconds(60), true, 1.0, "b", null, List.of());
        PlanSchedule schedule = new PlanSchedule("exact", Objective.EMPTY_TIME, new Span(20, 15, 25), deadline);
        cloud.holding();
        Action first = plan("a", "h2");
        Action second = plan("b", "h3", schedule);
        one.step(first.planUuid());
        one.step(second.planUuid());
        assertThat(planOf(second).schedule()).isEqualTo(schedule);

        clock.pass(Duration.ofSeconds(100));
        cloud.release();
        awaitWoken(second);
        one.step(second.planUuid());

        assertThat(planOf(second).schedule().deadline().met()).isFalse();
        assertThat(planOf(second).schedule().deadline().probability()).isZero();
        awaitWoken(second);
    }

    @Test
    void aMigrationWhoseVmIsBusyHasNoPlaceUntilItBegins() throws Exception {
        cloud.changing("a", true);
        Action busy = plan("a", "h2");
        Action other = plan("b", "h3");

        assertThat(one.step(busy.planUuid()))
                .as("it looks soon")
                .contains(clock.instant().plusSeconds(2));
        assertThat(stored(busy).state()).isEqualTo(ActionState.PENDING);
        assertThat(stored(busy).statusMessage()).isEqualTo("Waiting. Nova is resizing a.");
        assertThat(stored(busy).execution().queued()).isFalse();

        one.step(other.planUuid());
        awaitEnd(other);
        assertThat(stored(other).state()).isEqualTo(ActionState.SUCCEEDED);

        clock.pass(Duration.ofSeconds(7));
        cloud.changing("a", false);
        one.step(busy.planUuid());
        awaitEnd(busy);
        assertThat(stored(busy).state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(stored(busy).statusMessage()).isNull();
        assertThat(stored(busy).took()).contains(Duration.ZERO);
        assertThat(stored(busy).waited()).isEqualTo(Duration.ofSeconds(7));
    }

    /** Instance "killed" had stored that it begins, and was killed before it gave the order. */
    @Test
    void thePlaceOfAnInstanceThatWasKilledBeforeItsOrderIsGivenBack() throws Exception {
        Action lost = plan("a", "h2");
        Action waiting = plan("b", "h3");
        begunBy("killed", lost);
        database.jdbi().useTransaction(handle -> stores.services().seen(handle, "watcher-applier", "killed"));
        one.step(waiting.planUuid());

        clock.pass(LEASE);
        one.tend(LEASE);
        assertThat(stored(lost).state()).as("its lease holds").isEqualTo(ActionState.ONGOING);
        assertThat(stored(lost).execution().runBy()).isEqualTo("killed");

        clock.pass(Duration.ofMillis(1));
        one.tend(LEASE);
        awaitWoken(waiting);
        assertThat(stored(lost).state())
                .as("it begins again when there is a place")
                .isEqualTo(ActionState.PENDING);
        assertThat(stored(lost).startedAt()).isNull();
        one.step(waiting.planUuid());
        awaitEnd(waiting);
        assertThat(stored(waiting).state()).isEqualTo(ActionState.SUCCEEDED);
        one.step(lost.planUuid());
        awaitEnd(lost);
        assertThat(stored(lost).state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(cloud.started()).hasSize(2);
    }

    /** Instance "killed" had given the order, and the migration has ended since. */
    @Test
    void thePlaceOfAKilledInstancesMigrationIsGivenBackWhenItHasEnded() throws Exception {
        Action begun = plan("a", "h2");
        Action waiting = plan("b", "h3");
        begunBy("killed", begun);
        cloud.migrate(MigrateParameters.read(begun.parameters()).order(begun.uuid()));
        one.step(waiting.planUuid());
        assertThat(stored(waiting).execution().queued()).isTrue();

        one.tend(LEASE);

        awaitWoken(waiting);
        assertThat(stored(begun).state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(stored(begun).execution().takenOver()).isTrue();
        assertThat(planOf(begun).hostname()).isEqualTo("one");
        one.step(begun.planUuid());
        assertThat(noted).containsExactly(begun.uuid());
        assertThat(cloud.started()).hasSize(1);
    }

    private void begunBy(String instance, Action action) {
        database.jdbi().useTransaction(handle -> {
            stores.plans()
                    .changePlan(
                            handle,
                            action.planUuid(),
                            ActionPlanState.PENDING,
                            ActionPlanState.ONGOING,
                            instance,
                            null);
            stores.executions().begin(handle, action.uuid(), instance);
        });
    }

    @Test
    void anInstanceContinuesAtOnceWhatItRanBeforeItWasStartedAgain() throws Exception {
        Action begun = plan("a", "h2");
        begunBy("one", begun);
        database.jdbi().useTransaction(handle -> stores.services().seen(handle, "watcher-applier", "one"));

        one.tend(LEASE);

        awaitWoken(begun);
        assertThat(stored(begun).state()).as("it was not ordered").isEqualTo(ActionState.PENDING);
    }

    @Test
    void nothingIsTakenOverThatRunsHere() throws Exception {
        cloud.holding();
        Action action = plan("a", "h2");
        one.step(action.planUuid());
        one.tend(LEASE);
        cloud.release();
        awaitEnd(action);
        assertThat(stored(action).execution().takenOver()).isFalse();
    }

    @Test
    void whatAnotherInstanceRunsIsCancelledThere() throws Exception {
        cloud.holding();
        Action action = plan("a", "h2");
        one.step(action.planUuid());
        database.jdbi()
                .useTransaction(handle -> stores.plans()
                        .changePlan(
                                handle,
                                action.planUuid(),
                                ActionPlanState.ONGOING,
                                ActionPlanState.CANCELLING,
                                null,
                                null));
        try (PlanRun two = instance("two")) {
            assertThat(two.step(action.planUuid())).isPresent();
            assertThat(stored(action).state()).isEqualTo(ActionState.ONGOING);

            one.tend(LEASE);
            awaitEnd(action);

            assertThat(two.step(action.planUuid())).isEmpty();
        }
        assertThat(stored(action).state()).isEqualTo(ActionState.CANCELLED);
        assertThat(planOf(action).state()).isEqualTo(ActionPlanState.CANCELLED);
    }

    /** An instance that stops orderly leaves its actions to others at once. */
    @Test
    void anotherInstanceContinuesWhatAStoppedOneRan() throws Exception {
        cloud.holding();
        Action action = plan("a", "h2");
        try (PlanRun two = instance("two")) {
            two.step(action.planUuid());
        }
        assertThat(stored(action).execution().runBy()).isNull();
        assertThat(stored(action).state()).isEqualTo(ActionState.ONGOING);
        one.tend(LEASE);
        cloud.release();
        awaitEnd(action);
        assertThat(stored(action).state()).isEqualTo(ActionState.SUCCEEDED);
        assertThat(cloud.started()).hasSize(1);
    }
}
