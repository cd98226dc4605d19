package io.github.godwit.strategy.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.FakeHostDriver;
import io.github.godwit.strategy.FakeHostDriver.Course;
import io.github.godwit.strategy.cluster.UnreachableClusterException;
import io.github.godwit.strategy.decide.DestinationPolicy.LeastLoaded;
import io.github.godwit.strategy.decide.HotspotStrategy;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.plan.PlannedMigration;
import io.github.godwit.strategy.report.PlanReport;
import io.github.godwit.strategy.report.PlanReport.End;
import io.github.godwit.strategy.report.PlanReport.Entry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole runs against fake drivers: h1 is hot by VMs a and b, of which a is the larger; both must go to cool it. */
@Timeout(60)
class StrategyRunTest {

    private static final RunConfig ONE_LOOK = RunConfig.DEFAULT.withSampling(1, Duration.ZERO);

    private final FakeHostDriver h1 = new FakeHostDriver("""
            host h1 cpu=1.0 used=0.3 out=500
              vm a memory=512 resident=300 cores=0.8
              vm b memory=256 resident=200 cores=0.6
            """);
    private final FakeHostDriver h2 = new FakeHostDriver("host h2 cpu=0.2");

    @AfterEach
    void close() {
        h1.close();
        h2.close();
    }

    @Test
    void aRunMigratesAndReportsPredictedBesideMeasured() throws Exception {
        PlanReport report = run(ONE_LOOK);

        assertThat(report.entries()).extracting(Entry::vm).containsExactly("a", "b");
        Entry first = report.entries().get(0);
        assertThat(first.end()).contains(End.COMPLETED);
        assertThat(first.measured()).isEqualTo(FakeHostDriver.MEASURED);
        assertThat(first.prediction().value(Metric.TOTAL_TIME)).isPositive();
        assertThat(first.violated())
                .as("1300 ms of at most 1000")
                .extracting("metric")
                .containsExactly(Metric.DOWNTIME);
        assertThat(first.guestVerified()).as("nobody asks the guest").isEmpty();
        assertThat(report.succeeded()).isTrue();
        MigrationRequest request = h1.requests().get(0);
        assertThat(request.destination()).isEqualTo(h2.url());
        assertThat(request.technique()).isEqualTo(first.technique());
        assertThat(request.policy()).isEqualTo("ensure_performance");
        assertThat(request.reservation()).as("500 of 1000 Mbit/s are free").isNotNull();
        assertThat(request.timeLimit()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aDryRunMovesNothing() throws Exception {
        PlanReport report = run(ONE_LOOK.withDryRun(true));
        assertThat(report.entries()).hasSize(2).allSatisfy(entry -> {
            assertThat(entry.end()).isEmpty();
            assertThat(entry.measured()).isEmpty();
        });
        assertThat(h1.requests()).isEmpty();
    }

    @Test
    void aFailureStopsTheRest() throws Exception {
        h1.when("a", Course.FAILS);
        PlanReport report = run(ONE_LOOK);
        assertThat(report.entries())
                .extracting(Entry::end)
                .containsExactly(Optional.of(End.FAILED), Optional.of(End.NOT_STARTED));
        assertThat(report.entries())
                .extracting(Entry::error)
                .containsExactly("QEMU says: Connection reset by peer", "The earlier migration of a did not succeed.");
        assertThat(report.succeeded()).isFalse();
        assertThat(h1.requests()).hasSize(1);
    }

    @Test
    void orTheRestGoesOnWhereThatIsWanted() throws Exception {
        h1.when("a", Course.REFUSED);
        PlanReport report = run(ONE_LOOK.withOnFailure(OnFailure.GO_ON));
        assertThat(report.entries())
                .extracting(Entry::end)
                .containsExactly(Optional.of(End.FAILED), Optional.of(End.COMPLETED));
        assertThat(report.entries().get(0).error()).endsWith("answered 409: VM 'a' is in a migration already.");
    }

    @Test
    void anAgentThatDiesOnTheWayIsTold() throws Exception {
        h1.when("a", Course.LOSES_THE_AGENT);
        PlanReport report = run(ONE_LOOK);
        assertThat(report.entries().get(0).end()).contains(End.FAILED);
        assertThat(report.entries().get(0).error()).startsWith("No host driver answers at " + h1.url());
    }

    @Test
    void anInterruptCancelsTheMigrationOnTheWayAndLeavesTheRest() throws Exception {
        h1.when("a", Course.GOES_ON_UNTIL_CANCELLED);
        Thread runner = Thread.currentThread();
        RunListener impatient = new RunListener() {
            private boolean interrupted;

            @Override
            public void event(PlannedMigration migration, MigrationEvent event) {
                if (!interrupted) {
                    interrupted = true;
                    runner.interrupt();
                }
            }
        };
        PlanReport report = run(ONE_LOOK, impatient, List.of(h1.client(), h2.client()));
        assertThat(Thread.interrupted()).as("the flag is set").isTrue();
        assertThat(h1.cancelled()).containsExactly(h1.requests().get(0).id().toString());
        assertThat(report.entries())
                .extracting(Entry::end)
                .containsExactly(Optional.of(End.CANCELLED), Optional.of(End.NOT_STARTED));
        assertThat(report.entries().get(1).error()).isEqualTo("The run was interrupted.");
    }

    @Test
    void anInterruptBeforeTheFirstMigrationEndsTheRun() {
        Thread runner = Thread.currentThread();
        RunListener impatient = new RunListener() {
            @Override
            public void planned(PlannedMigration migration) {
                if (migration.move().vm().equals("b")) {
                    runner.interrupt();
                }
            }
        };
        assertThatThrownBy(() -> run(ONE_LOOK, impatient, List.of(h1.client(), h2.client())))
                .isInstanceOf(InterruptedException.class);
        assertThat(h1.requests()).isEmpty();
    }

    @Test
    void aMigrationThatTheHostDriverCancelsStopsTheRestToo() throws Exception {
        h1.when("a", Course.CANCELLED_BY_ITSELF);
        PlanReport report = run(ONE_LOOK);
        assertThat(report.entries())
                .extracting(Entry::end)
                .containsExactly(Optional.of(End.CANCELLED), Optional.of(End.NOT_STARTED));
        assertThat(report.entries().get(0).error())
                .isEqualTo("The host driver cancelled the migration and gave no reason.");
        assertThat(report.succeeded()).isFalse();
    }

    @Test
    void theTimeLimitOfEachMigrationIsTheOneOfTheRun() throws Exception {
        run(ONE_LOOK.withTimeLimit(Duration.ofMillis(12_500)));
        assertThat(h1.requests())
                .extracting(MigrationRequest::timeLimit)
                .containsExactly(Duration.ofMillis(12_500), Duration.ofMillis(12_500));
    }

    @Test
    void theLinesOfProgressFollowTheMigrationsOneAfterTheOther() throws Exception {
        h1.when("a", Course.FAILS);
        List<String> lines = new CopyOnWriteArrayList<>();
        run(ONE_LOOK.withOnFailure(OnFailure.GO_ON), new ProgressLines(lines::add), List.of(h1.client(), h2.client()));
        assertThat(lines.stream().map(line -> line.replaceAll(" by [A-Z].*", "")))
                .containsSubsequence(
                        "sample 1 of 1: 2 hosts, 2 VMs",
                        "profiling a on h1",
                        "planned: a from h1 to h2",
                        "migration 1 of 2: a from h1 to h2",
                        "  a: MIGRATING",
                        "  a: FAILED",
                        "  a: failed: QEMU says: Connection reset by peer",
                        "migration 2 of 2: b from h1 to h2",
                        "  b: MIGRATING",
                        "  b: COMPLETED");
    }

    @Test
    void anAgentThatDoesNotAnswerIsLeftOutAndTold() throws Exception {
        FakeHostDriver gone = new FakeHostDriver("host h3");
        gone.close();
        PlanReport report =
                run(ONE_LOOK.withDryRun(true), RunListener.NONE, List.of(h1.client(), h2.client(), gone.client()));
        assertThat(report.entries()).extracting(Entry::to).containsOnly("h2");
        assertThat(report.omitted())
                .singleElement()
                .asString()
                .contains(gone.url().toString(), "refused");
    }

    @Test
    void aClusterOfWhichNothingAnswersIsAnError() {
        h1.close();
        h2.close();
        assertThatThrownBy(() -> run(ONE_LOOK))
                .isInstanceOf(UnreachableClusterException.class)
                .hasMessageContainingAll(
                        "No host of the cluster can be read.",
                        h1.url().toString(),
                        h2.url().toString());
    }

    @Test
    void aVmThatNothingCanMoveIsNotPlannedAndTold() throws Exception {
        Map<Technique, String> unavailable = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            unavailable.put(technique, "is refused");
        }
        h1.refusing(unavailable);
        PlanReport report = run(ONE_LOOK);
        assertThat(report.entries()).isEmpty();
        assertThat(report.unplanned())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("a from h1 to h2. No technique can run");
        assertThat(report.succeeded()).isFalse();
    }

    private PlanReport run(RunConfig config) throws InterruptedException {
        return run(config, new ProgressLines(line -> {}), List.of(h1.client(), h2.client()));
    }

    private static PlanReport run(RunConfig config, RunListener listener, List<HostDriverClient> drivers)
            throws InterruptedException {
        HotspotRule rule = new HotspotRule(0.75, 0.75, 1, 1, Duration.ZERO);
        return new StrategyRun(
                        drivers,
                        new HotspotStrategy(rule, new LeastLoaded(), 10),
                        SloPolicies.shipped().get("ensure_performance"),
                        new AnalyticPredictor(),
                        config,
                        listener)
                .run();
    }
}
