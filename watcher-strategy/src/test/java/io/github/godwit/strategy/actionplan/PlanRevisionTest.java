package io.github.godwit.strategy.actionplan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.BandwidthStep;
import io.github.godwit.model.schedule.DurationErrors;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduledMigration;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.solve.Schedulers;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.objects.PlanDraft;
import io.github.godwit.strategy.objects.PlanDraft.Step;
import io.github.godwit.strategy.plan.MigrationPlan;
import io.github.godwit.strategy.plan.MoveDecisions;
import io.github.godwit.strategy.plan.MovePlanner;
import io.github.godwit.strategy.plan.Racks;
import io.github.godwit.strategy.plan.ScheduleFacts;
import io.github.godwit.strategy.plan.ScheduleSources;
import io.github.godwit.strategy.plan.ScheduleTerms;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A plan moves a, b and c from h1 to h2, one after another. What happens after the end of a is the test's. */
@Timeout(60)
class PlanRevisionTest {

    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
            host h1
              vm a memory=2048
              vm b memory=2048 disk=4096
              vm c memory=1024
            host h2
            """);

    private final Clock clock = mock(Clock.class);
    private final Database database = Database.inMemory();
    private final Stores stores = Stores.of(database, Catalog.shipped(), clock);
    private final BlockingQueue<SchedulingProblem> problems = new LinkedBlockingQueue<>();
    private final BlockingQueue<UUID> woken = new LinkedBlockingQueue<>();
    private final MoveDecisions decisions =
            new MoveDecisions(new AnalyticPredictor(), BandwidthModel::published, Duration.ofMinutes(5));
    private final ScheduleSources sources = new ScheduleSources(
            Racks.NONE,
            () -> ScheduleTerms.WITHOUT_NOVA,
            () -> DurationErrors.ASSUMED,
            new OtherMigrations(stores, clock));
    private final UUID plan = UUID.randomUUID();
    private PlanRevision revision = revision(Schedulers.standard());

    private PlanRevision revision(MigrationScheduler scheduler) {
        PlanRevision made = new PlanRevision(
                stores,
                new Events(),
                decisions,
                sources,
                problem -> {
                    problems.add(problem);
                    return scheduler.schedule(problem);
                },
                host -> 1,
                Optional.empty(),
                clock);
        made.wakeBy(woken::add);
        return made;
    }

    private void scheduler(MigrationScheduler scheduler) {
        revision.close();
        revision = revision(scheduler);
    }

    @BeforeEach
    void begun() throws InterruptedException {
        when(clock.instant()).thenReturn(BEGIN);
        MigrationPlan made = planned();
        List<List<Integer>> parents = made.parents();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < parents.size(); i++) {
            steps.add(Step.migrate(MigrateParameters.of(made.migrations().get(i), BEGIN), parents.get(i)));
        }
        List<Action> actions = new PlanDraft(steps, Map.of(), "", OnFailure.GO_ON, 1).actions(plan, BEGIN);
        ActionPlan stored = new ActionPlan(
                0,
                plan,
                UUID.randomUUID(),
                "maintenance",
                ActionPlanState.ONGOING,
                JsonNodeFactory.instance.arrayNode(),
                JsonNodeFactory.instance.arrayNode(),
                OnFailure.GO_ON,
                1,
                "one",
                "All VMs leave h1.",
                BEGIN,
                null,
                made.schedule().orElseThrow());
        stores.database().jdbi().useTransaction(handle -> {
            stores.plans().insert(handle, stored, actions);
            stores.plans().keep(handle, plan, made.facts().orElseThrow());
        });
    }

    @AfterEach
    void close() {
        revision.close();
        database.close();
    }

    private MigrationPlan planned() throws InterruptedException {
        Cloud cloud = mock(Cloud.class);
        when(cloud.techniques(anyString(), anyString(), anyString())).thenReturn(TechniqueAvailability.all());
        when(cloud.profile(anyString(), anyString(), any()))
                .thenAnswer(call ->
                        VmProfile.unmeasured(CLUSTER.vm(call.getArgument(0)).definition()));
        when(cloud.concurrentMigrations(any())).thenReturn(OptionalInt.of(1));
        return new MovePlanner(
                        cloud,
                        decisions.by(SloPolicies.shipped().get("ensure_performance"), ReservationTerms.DEFAULT),
                        new MovePlanner.Listener() {},
                        ScheduleTerms.DEFAULT
                                .inTheOrderOfTheStrategy()
                                .until(BEGIN.plus(Duration.ofHours(1)))
                                .under(sources))
                .plan(CLUSTER, List.of(move("a"), move("b"), move("c")));
    }

    private static Move move(String vm) {
        return new Move(vm, "h1", "h2", "h1 is emptied.");
    }

    private Action action(String vm) {
        return stores.database().jdbi().withHandle(handle -> stores.plans().actionsOf(handle, plan)).stream()
                .filter(action ->
                        action.parameters().path("resource_id").asText().equals(vm))
                .findFirst()
                .orElseThrow();
    }

    private MigrateParameters parameters(String vm) {
        return MigrateParameters.read(action(vm).parameters());
    }

    private ActionPlan plan() {
        return stores.database().jdbi().withHandle(handle -> stores.plans().plan(handle, plan.toString()));
    }

    private void begins(String vm) {
        stores.database()
                .jdbi()
                .useTransaction(
                        handle -> stores.executions().begin(handle, action(vm).uuid(), "one"));
    }

    /** a begins with the plan and ends some time later. */
    private void aEnds(Duration after, ActionState state) {
        begins("a");
        when(clock.instant()).thenReturn(BEGIN.plus(after));
        stores.database()
                .jdbi()
                .useTransaction(handle -> stores.plans()
                        .changeAction(handle, action("a").uuid(), ActionState.ONGOING, state, null, null));
    }

    private void noted() {
        revision.afterEnd(plan, action("a").uuid());
    }

    /** b alone with the whole link after c, both at once with half of it, or whatever else. */
    private static Schedule together(SchedulingProblem problem, long megabits) {
        Interval end = new Interval(9, 10, 12);
        return new Schedule(
                problem.moves().stream()
                        .map(move -> new ScheduledMigration(
                                move.vm(),
                                move.source(),
                                move.destinations().get(0),
                                Technique.PRE_COPY,
                                List.of(new BandwidthStep(0, Bandwidth.ofMegabits(megabits))),
                                Interval.ZERO,
                                end,
                                end,
                                Set.of(),
                                0,
                                100,
                                0))
                        .toList(),
                end,
                0,
                "test");
    }

    @Test
    void whatIsLeftIsScheduledFromTheSameFactsAtThePaceOfThePlan() throws InterruptedException {
        Duration predicted = Duration.ofMillis(
                Math.round(1e3 * parameters("a").schedule().duration().value()));
        MigrateParameters before = parameters("b");
        aEnds(predicted.multipliedBy(2), ActionState.SUCCEEDED);

        noted();

        SchedulingProblem problem = problems.poll(30, TimeUnit.SECONDS);
        assertThat(problem.moves()).extracting(MoveRequest::vm).containsExactly("b", "c");
        MigrateParameters after = parameters("b");
        assertThat(after.schedule().start().value())
                .as("a took %s", predicted.multipliedBy(2))
                .isCloseTo(predicted.multipliedBy(2).toMillis() / 1e3, within(0.1));
        double longer =
                after.schedule().end().value() - after.schedule().start().value();
        assertThat(longer)
                .isGreaterThan(1.5
                        * (before.schedule().end().value()
                                - before.schedule().start().value()));
        assertThat(after.schedule().duration().value())
                .isCloseTo(before.schedule().duration().value(), within(0.1));
        assertThat(longer).as("its disk of 4 GiB").isGreaterThan(2 * 30);
        assertThat(after.timeLimit()).isGreaterThan(before.timeLimit());
        assertThat(after.decidedAt()).as("as old as what was observed").isEqualTo(BEGIN);
        assertThat(plan().schedule().revisions()).hasSize(1);
        assertThat(woken).containsExactly(plan);
    }

    /** First each has the link for itself and nothing has to be reserved; then they run at once with a share each. */
    @Test
    void theReservationFollowsTheShare() {
        assertThat(parameters("b").reservation()).isNull();
        scheduler(problem -> together(problem, 400));
        aEnds(Duration.ofMinutes(5), ActionState.SUCCEEDED);

        noted();

        for (String vm : List.of("b", "c")) {
            MigrateParameters after = parameters(vm);
            assertThat(after.reservation()).isEqualTo(400_000_000L);
            assertThat(after.schedule().bandwidth().get(0).bitsPerSecond()).isEqualTo(400_000_000L);
            assertThat(after.reason())
                    .contains("400 Mbit/s are to be reserved: its share beside migrations at the same time.");
            assertThat(action(vm).description()).contains("400 Mbit/s are to be reserved");
            assertThat(action(vm).parents()).isEmpty();
        }
    }

    /** What another plan does on the way is in the new schedule too, though it did not run when the plan was made. */
    @Test
    void theMigrationsOfOtherPlansAreCounted() throws InterruptedException {
        UUID other = UUID.randomUUID();
        Action beside = Action.pending(
                other,
                "migrate",
                List.of(),
                "",
                ((ObjectNode) action("a").parameters().deepCopy())
                        .put("resource_id", "x")
                        .put("source_node", "elsewhere"),
                BEGIN);
        stores.database().jdbi().useTransaction(handle -> {
            stores.plans().add(handle, List.of(beside));
            stores.executions().begin(handle, beside.uuid(), "two");
        });
        aEnds(Duration.ofSeconds(1), ActionState.FAILED);

        noted();

        SchedulingProblem problem = problems.poll(30, TimeUnit.SECONDS);
        assertThat(problem.running()).extracting(each -> each.vm()).containsExactly("x");
        assertThat(plan().schedule().deadline().inTheWay()).isEqualTo("a");
        assertThat(plan().schedule().deadline().met()).isFalse();
    }

    /** The scheduler works until it is interrupted. The step of the plan goes on, and the cancelled plan ends the work. */
    @Test
    void aLongScheduleHoldsUpNothingAndEndsWithItsPlan() throws InterruptedException {
        CountDownLatch works = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        scheduler(endless(works, interrupted));
        aEnds(Duration.ofMinutes(5), ActionState.SUCCEEDED);

        noted();

        assertThat(works.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(interrupted.getCount()).as("still at work").isEqualTo(1);
        begins("b"); // the plan goes on meanwhile
        stores.database()
                .jdbi()
                .useTransaction(handle -> stores.plans()
                        .changePlan(handle, plan, ActionPlanState.ONGOING, ActionPlanState.CANCELLING, null, null));
        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(plan().schedule().revisions()).isEmpty();
    }

    @Test
    void aLongScheduleEndsWithTheService() throws InterruptedException {
        CountDownLatch works = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        scheduler(endless(works, interrupted));
        aEnds(Duration.ofMinutes(5), ActionState.SUCCEEDED);
        noted();
        assertThat(works.await(30, TimeUnit.SECONDS)).isTrue();

        revision.close();

        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(plan().schedule().revisions()).isEmpty();
    }

    private static MigrationScheduler endless(CountDownLatch works, CountDownLatch interrupted) {
        return problem -> {
            works.countDown();
            try {
                new CountDownLatch(1).await();
                throw new AssertionError("It never ends by itself.");
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        };
    }

    /** b begins while the schedule is made; the schedule is made again, of c alone beside b. */
    @Test
    void aScheduleThatIsTooOldIsMadeAgain() throws InterruptedException {
        AtomicInteger times = new AtomicInteger();
        scheduler(problem -> {
            if (times.incrementAndGet() == 1) {
                begins("b");
            }
            return Schedulers.standard().schedule(problem);
        });
        String before = action("b").parameters().toString();
        aEnds(Duration.ofMinutes(5), ActionState.SUCCEEDED);

        noted();

        assertThat(woken.poll(30, TimeUnit.SECONDS)).isEqualTo(plan);
        assertThat(problems).hasSize(2);
        assertThat(problems.poll().moves()).extracting(MoveRequest::vm).containsExactly("b", "c");
        SchedulingProblem second = problems.poll();
        assertThat(second.moves()).extracting(MoveRequest::vm).containsExactly("c");
        assertThat(second.running()).extracting(each -> each.vm()).containsExactly("b");
        assertThat(action("b").parameters()).hasToString(before);
        assertThat(action("c").parents()).containsExactly(action("b").uuid());
        assertThat(plan().schedule().revisions()).hasSize(1);
    }

    /** Two ends while a schedule is made lead to one more schedule, not to two at once. */
    @Test
    void endsMeanwhileLeadToOneFurtherSchedule() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        scheduler(problem -> {
            first.countDown();
            goOn.await();
            return Schedulers.standard().schedule(problem);
        });
        aEnds(Duration.ofMinutes(5), ActionState.SUCCEEDED);
        noted();
        assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();

        noted();
        noted();
        goOn.countDown();

        assertThat(woken.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(plan);
        assertThat(woken.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(plan);
        revision.close();
        assertThat(woken).isEmpty();
        assertThat(problems).hasSize(2);
    }

    /** A plan of an older release has no facts. */
    @Test
    void withoutFactsThePlanKeepsItsSchedule() {
        stores.database().jdbi().useHandle(handle -> stores.plans().forgetFacts(handle, plan));
        String before = action("b").parameters().toString();
        aEnds(Duration.ofMinutes(5), ActionState.SUCCEEDED);

        noted();

        assertThat(problems).isEmpty();
        assertThat(action("b").parameters()).hasToString(before);
    }

    @Test
    void theFactsAreForgottenWhenNothingIsLeft() {
        begins("b");
        begins("c");
        aEnds(Duration.ofMinutes(5), ActionState.SUCCEEDED);

        noted();

        Optional<ScheduleFacts> facts =
                stores.database().jdbi().withHandle(handle -> stores.plans().facts(handle, plan));
        assertThat(facts).isEmpty();
    }
}
