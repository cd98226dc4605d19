package io.github.godwit.host.migrate.steps;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.Moment;
import io.github.godwit.host.migrate.Step;
import io.github.godwit.host.migrate.recover.RecoveryAttempt;
import io.github.godwit.host.migrate.recover.RecoveryRule;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.migrate.steps.SupervisionAction.Apply;
import io.github.godwit.host.migrate.steps.SupervisionAction.Command;
import io.github.godwit.host.migrate.steps.SupervisionAction.End;
import io.github.godwit.host.migrate.steps.SupervisionAction.Fail;
import io.github.godwit.host.migrate.steps.SupervisionAction.Note;
import io.github.godwit.host.migrate.steps.SupervisionAction.ReportProgress;
import io.github.godwit.host.migrate.steps.SupervisionAction.ReportRecovery;
import io.github.godwit.host.migrate.steps.SupervisionEvent.CommandFailed;
import io.github.godwit.host.migrate.steps.SupervisionEvent.DowntimePolled;
import io.github.godwit.host.migrate.steps.SupervisionEvent.Polled;
import io.github.godwit.host.migrate.steps.SupervisionEvent.PostcopyAnswered;
import io.github.godwit.host.migrate.steps.SupervisionEvent.RecoveryTried;
import io.github.godwit.host.migrate.steps.SupervisionEvent.Reported;
import io.github.godwit.host.migrate.steps.SupervisionEvent.TimePassed;
import io.github.godwit.host.migrate.steps.SupervisionState.Cancellation;
import io.github.godwit.host.qmp.QemuRelease;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.Technique.Switchover;
import io.github.godwit.model.watch.DowntimeRamp;
import io.github.godwit.model.watch.MigrationWatch;
import io.github.godwit.model.watch.SecondChoice.SecondAttempt;
import io.github.godwit.model.watch.WatchChange;
import io.github.godwit.model.watch.WatchChange.BeginAgain;
import io.github.godwit.model.watch.WatchChange.RaiseDowntimeLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every transition of {@link SupervisionRule}. The migration starts at 1 s, its limit is 10 s and QEMU has 2 s to cancel. */
class SupervisionRuleTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long START = SECOND;
    private static final long LIMIT = 11 * SECOND;
    private static final long HALF_A_SECOND = SECOND / 2;

    private static final RecoveryRule RECOVERING =
            new RecoveryRule(new RecoveryTerms(Duration.ofSeconds(60)), "join them by hand");

    private final SupervisionRule rule = rule(Switchover.AFTER_FIRST_ROUND);
    private final SupervisionState initial = rule.initial();

    /** Sent, polled at 5 s, and next polled at 5.5 s. */
    private final SupervisionState moving = initial.pollingAt(5 * SECOND + HALF_A_SECOND);

    private final SupervisionState cancelling = moving.cancelled(new Cancellation(5 * SECOND, false));
    private final SupervisionState switched = moving.switchedOver();

    private static SupervisionRule rule(Switchover switchover) {
        return rule(switchover, START, MigrationWatch.NONE);
    }

    private static SupervisionRule rule(Switchover switchover, long start, MigrationWatch watch) {
        return new SupervisionRule(
                switchover,
                start,
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                watch,
                Duration.ofMillis(300),
                RECOVERING);
    }

    private Step<SupervisionState, SupervisionAction> next(SupervisionEvent event, SupervisionState state, long nanos) {
        return rule.next(event, state, new Moment(nanos, false));
    }

    private static Reported migration(String status) {
        return new Reported(
                new QmpEvent("MIGRATION", new ObjectMapper().createObjectNode().put("status", status)));
    }

    private static Reported pass(int number) {
        return new Reported(new QmpEvent(
                "MIGRATION_PASS", new ObjectMapper().createObjectNode().put("pass", number)));
    }

    private static Polled inRound(int number) {
        return new Polled(info("active", 4_000, -1).inRound(number));
    }

    private static Reported named(String name) {
        return new Reported(new QmpEvent(name, MissingNode.getInstance()));
    }

    private static MigrationInfo info(String status, long elapsedMillis, long downtimeMillis) {
        return new MigrationInfo(
                status, downtimeMillis, new Progress(elapsedMillis, elapsedMillis * 1000, 0, 0, 0, 1), 0, null);
    }

    private static QmpException lost() {
        return new QmpException("no answer", false, null);
    }

    private static void assertSameState(
            Step<SupervisionState, SupervisionAction> step, SupervisionState state, SupervisionAction... actions) {
        assertThat(step).isEqualTo(Step.of(state, actions));
    }

    // What is changed while it runs

    private static final DowntimeRamp RAMP = new DowntimeRamp(Duration.ofMillis(800));
    private static final MigrationWatch RAMPING = new MigrationWatch(RAMP, false, null);

    /** The migration has a time limit of 10 s. */
    private static final MigrationWatch FALLING_BACK = new MigrationWatch(RAMP, true, Duration.ofSeconds(10));

    @Test
    void aPreCopyThatStallsBeyondTheSloIsSwitchedToPostCopyOnceAndNeverCancelled() {
        SupervisionRule watching = rule(Switchover.WHEN_CONVERGED, START, FALLING_BACK);
        SupervisionState state = watching.initial();
        List<SupervisionAction> applied = new ArrayList<>();
        for (int round = 1; round <= 5; round++) {
            Step<SupervisionState, SupervisionAction> step =
                    watching.next(expecting(round, 2_000), state, new Moment(START + round * SECOND, false));
            state = step.state();
            step.actions().stream().filter(Apply.class::isInstance).forEach(applied::add);
        }
        assertThat(applied)
                .singleElement()
                .extracting(action -> ((Apply) action).change().note())
                .isEqualTo("The migration was switched to post-copy, because each round of pre-copy took 100 % "
                        + "of the time of the round before, and the last one would have meant a downtime of 2000 ms.");

        Step<SupervisionState, SupervisionAction> answered =
                watching.next(new PostcopyAnswered(true), state, new Moment(6 * SECOND, false));
        assertThat(answered.actions()).containsExactly(Command.START_POSTCOPY);
        state = answered.state();
        for (long second = 7; second < 20; second++) {
            Step<SupervisionState, SupervisionAction> step =
                    watching.next(expecting((int) second, 2_000), state, new Moment(second * SECOND, false));
            assertThat(step.actions()).noneMatch(Apply.class::isInstance).doesNotContain(Command.CANCEL);
            state = step.state();
        }
        assertThat(watching.next(new Polled(info("completed", 9_000, 12)), state, new Moment(20 * SECOND, false))
                        .actions())
                .last(as(type(End.class)))
                .satisfies(end -> assertThat(end.end().changes())
                        .hasSize(1)
                        .hasOnlyElementsOfType(WatchChange.StartPostcopy.class));
    }

    @Test
    void aMigrationThatIsBegunAgainIsCancelledAndNothingElseIsChangedAboutIt() {
        SecondAttempt attempt = new SecondAttempt(
                new Choice(
                        Technique.POST_COPY,
                        SloPolicies.shipped().get("ensure_performance"),
                        costing(1_000),
                        "It ends.",
                        List.of(),
                        List.of()),
                null);
        SupervisionRule watching = rule(
                Switchover.WHEN_CONVERGED,
                START,
                new MigrationWatch(DowntimeRamp.NONE, false, 0, null, (round, growth) -> Optional.of(attempt)));
        SupervisionState state = watching.initial();
        List<SupervisionAction> actions = new ArrayList<>();
        for (int round = 1; round <= 8; round++) {
            Step<SupervisionState, SupervisionAction> step =
                    watching.next(expecting(round, 60_000), state, new Moment(START + round * SECOND / 2, false));
            state = step.state();
            actions.addAll(step.actions());
        }
        assertThat(actions).filteredOn(Command.CANCEL::equals).hasSize(1);
        assertThat(actions).filteredOn(Apply.class::isInstance).hasSize(1);

        assertThat(watching.next(new Polled(info("cancelled", 0, -1)), state, new Moment(5 * SECOND, false))
                        .actions())
                .last(as(type(End.class)))
                .satisfies(end -> {
                    assertThat(end.end().again())
                            .get()
                            .extracting(BeginAgain::attempt)
                            .isEqualTo(attempt);
                    assertThat(end.end().cancelledLate()).isFalse();
                });
        assertThat(watching.next(new Polled(info("completed", 3_000, 12)), state, new Moment(5 * SECOND, false))
                        .actions())
                .last(as(type(End.class)))
                .as("it was through before it was cancelled")
                .satisfies(end -> assertThat(end.end().changes()).isEmpty());
    }

    @Test
    void anEndSaysThatItWasBegunAgainWhateverElseWasChangedAfterwards() {
        BeginAgain again = new BeginAgain(
                new SecondAttempt(
                        new Choice(
                                Technique.AUTO_CONVERGE,
                                SloPolicies.shipped().get("ensure_performance"),
                                costing(1_000),
                                "It ends.",
                                List.of(),
                                List.of()),
                        null),
                "it stalled");
        MigrationEnd first = new MigrationEnd(info("cancelled", 0, -1), false, false, List.of(again), null);
        MigrationEnd second = new MigrationEnd(
                info("completed", 3_000, 12), false, false, List.of(new WatchChange.StartPostcopy("it stalled")), null);
        assertThat(first.incomparable()).contains("it was cancelled once and begun again by THR");
        assertThat(second.after(first, Duration.ofSeconds(6)).incomparable())
                .contains(
                        "it was cancelled once and begun again by THR, and it was switched to post-copy while it ran");
        assertThat(second.incomparable()).contains("it was switched to post-copy while it ran");
    }

    private static Prediction costing(double each) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            estimates.put(metric, new Estimate(each, each, each));
        }
        return new Prediction(estimates, true);
    }

    @Test
    void atItsTimeLimitAMigrationIsSwitchedToPostCopyWhereThatIsPossibleUnlessSomebodyWantsItCancelled() {
        SupervisionRule watching = rule(Switchover.WHEN_CONVERGED, START, FALLING_BACK);
        SupervisionState sending =
                watching.initial().moved(expecting(4, 0).info()).pollingAt(LIMIT + SECOND);
        assertThat(watching.next(new TimePassed(), sending, new Moment(LIMIT, false))
                        .actions())
                .singleElement()
                .isInstanceOf(Apply.class);
        assertThat(watching.next(new TimePassed(), sending, new Moment(LIMIT, true))
                        .actions())
                .containsExactly(Command.CANCEL);
        SupervisionState inFirstRound =
                watching.initial().moved(expecting(1, 0).info()).pollingAt(LIMIT + SECOND);
        assertThat(watching.next(new TimePassed(), inFirstRound, new Moment(LIMIT, false))
                        .actions())
                .containsExactly(Command.CANCEL);
    }

    private static Polled expecting(int round, long downtimeMillis) {
        return new Polled(new MigrationInfo(
                "active", -1, new Progress(round * 500L, round * 1000L, 0, 0, 0, round), 0, null, downtimeMillis));
    }

    @Test
    void theDowntimeLimitIsRaisedOnceTheRoundsNoLongerBecomeShorterAndTheEndSaysSo() {
        SupervisionRule ramping = rule(Switchover.WHEN_CONVERGED, START, RAMPING);
        SupervisionState state = ramping.initial();
        List<SupervisionAction> raised = new ArrayList<>();
        for (int round = 1; round <= 8; round++) {
            Step<SupervisionState, SupervisionAction> step =
                    ramping.next(expecting(round, 500), state, new Moment(START + round * SECOND, false));
            state = step.state();
            step.actions().stream().filter(Apply.class::isInstance).forEach(raised::add);
        }
        RaiseDowntimeLimit longer = new RaiseDowntimeLimit(Duration.ofMillis(550));
        assertThat(raised).containsExactly(new Apply(longer));

        assertThat(ramping.next(new Polled(info("completed", 9_000, 480)), state, new Moment(10 * SECOND, false))
                        .actions())
                .last(as(type(End.class)))
                .satisfies(end -> assertThat(end.end().changes()).containsExactly(longer));
    }

    @Test
    void theDowntimeLimitStaysWhileTheMigrationIsBeingCancelled() {
        SupervisionRule ramping = rule(Switchover.WHEN_CONVERGED, START, RAMPING);
        SupervisionState state = cancelling;
        for (int round = 1; round <= 8; round++) {
            Step<SupervisionState, SupervisionAction> step =
                    ramping.next(expecting(round, 500), state, new Moment(5 * SECOND, true));
            state = step.state();
            assertThat(step.actions()).noneMatch(Apply.class::isInstance);
        }
    }

    // Events of QEMU

    @ParameterizedTest
    @ValueSource(strings = {"setup", "active", "device", "pre-switchover", "cancelling", "wait-unplug"})
    void otherStatusesOfQemuChangeNothing(String status) {
        assertSameState(next(migration(status), moving, 5 * SECOND), moving);
    }

    @Test
    void theEndOfARoundIsPolledAtOnceButNotTooSoonAfterTheLastPoll() {
        SupervisionRule precopy = rule(Switchover.WHEN_CONVERGED);
        long later = 5 * SECOND + SECOND / 5;
        assertSameState(
                precopy.next(pass(1), moving, new Moment(5 * SECOND, false)),
                moving.pollingAt(5 * SECOND + SECOND / 10));
        assertSameState(precopy.next(pass(1), moving, new Moment(later, false)), moving.pollingAt(later));
        assertThat(next(pass(2), moving, 5 * SECOND))
                .as("the switch waits for it")
                .isEqualTo(Step.of(moving.pollingAt(5 * SECOND)));
    }

    @Test
    void wakingTheSupervisorChangesNothingByItself() {
        assertSameState(next(named(RunningMigration.WAKE), moving, 5 * SECOND), moving);
    }

    @Test
    void postCopyIsAskedForWhenItIsDue() {
        assertThat(next(inRound(1), moving, 5 * SECOND).actions()).doesNotContain(Command.ASK_FOR_POSTCOPY);
        assertThat(next(inRound(2), moving, 5 * SECOND).actions()).contains(Command.ASK_FOR_POSTCOPY);
        assertThat(rule(Switchover.AT_ONCE)
                        .next(migration("active"), moving, new Moment(5 * SECOND, false))
                        .actions())
                .containsExactly(Command.ASK_FOR_POSTCOPY);
        assertThat(rule(Switchover.WHEN_CONVERGED)
                        .next(inRound(9), moving, new Moment(5 * SECOND, false))
                        .actions())
                .doesNotContain(Command.ASK_FOR_POSTCOPY);
    }

    @Test
    void postCopyIsAskedForNeitherTwiceNorOnceTheMigrationIsBeingCancelled() {
        assertSameState(next(pass(3), switched, 5 * SECOND), switched);
        assertSameState(next(pass(2), cancelling, 5 * SECOND), cancelling);
        assertThat(next(inRound(3), switched, 5 * SECOND).actions()).doesNotContain(Command.ASK_FOR_POSTCOPY);
        assertThat(next(inRound(3), cancelling, 5 * SECOND).actions()).doesNotContain(Command.ASK_FOR_POSTCOPY);
    }

    @Test
    void postCopyStartsWhereItIsPermittedAndIsAskedForAgainWhereItIsNot() {
        assertSameState(next(new PostcopyAnswered(true), moving, 5 * SECOND), switched, Command.START_POSTCOPY);
        assertSameState(next(new PostcopyAnswered(false), moving, 5 * SECOND), moving);
        assertThat(next(inRound(3), moving, 5 * SECOND).actions()).contains(Command.ASK_FOR_POSTCOPY);
    }

    @Test
    void postCopyIsEnteredBeforeTheDowntimeIsPolledWhichTheMonitorMayNotAnswer() {
        assertSameState(
                next(migration("postcopy-active"), switched, 6 * SECOND),
                switched,
                Command.ENTER_POSTCOPY,
                Command.POLL_DOWNTIME);
        assertSameState(
                next(new DowntimePolled(info("postcopy-active", 5_000, 12)), switched, 6 * SECOND),
                switched.withSwitchDowntime(12));
    }

    @Test
    void aPollThatShowsPostCopyEntersItWhereTheEventWasLost() {
        for (String status : new String[] {"postcopy-active", "postcopy-paused"}) {
            assertThat(next(new Polled(info(status, 5_000, 12)), switched, 6 * SECOND)
                            .actions())
                    .contains(Command.ENTER_POSTCOPY);
        }
    }

    /** While the destination loads the devices for post-copy, the source can continue the VM. */
    @Test
    void beforeTheDestinationHasLoadedTheDevicesTheVmIsStillTheSources() {
        assertSameState(next(migration("postcopy-device"), switched, 6 * SECOND), switched);
        assertThat(next(new Polled(info("postcopy-device", 5_000, -1)), switched, 6 * SECOND)
                        .actions())
                .doesNotContain(Command.ENTER_POSTCOPY, Command.CANCEL);
        Step<SupervisionState, SupervisionAction> failed =
                next(new Polled(info("failed", 5_100, -1)), switched, 7 * SECOND);
        assertThat(failed.actions()).doesNotContain(Command.ENTER_POSTCOPY);
        assertThat(end(failed).info().completed()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("io.github.godwit.host.qmp.QemuRelease#statuses")
    void onlyThreeStatusesOfAllReleasesEndAMigrationAndOneIsRecoveredFrom(String status) {
        List<SupervisionAction> actions =
                next(new Polled(info(status, 5_000, -1)), moving, 6 * SECOND).actions();

        assertThat(actions.stream().anyMatch(End.class::isInstance))
                .isEqualTo(Set.of("completed", "failed", "cancelled").contains(status));
        assertThat(actions).noneMatch(Fail.class::isInstance);
        assertThat(actions.contains(Command.RECOVER)).isEqualTo(status.equals("postcopy-paused"));
        assertThat(actions.stream().anyMatch(Note.class::isInstance)).isEqualTo(status.equals("postcopy-paused"));
        assertThat(next(migration(status), moving, 6 * SECOND).actions())
                .as("an event does not end it")
                .noneMatch(action -> action instanceof End || action instanceof Fail);
    }

    @Test
    void aStatusThatALaterReleaseAddsIsReportedOnceAndDoesNotEndTheMigration() {
        Polled later = new Polled(info(QemuRelease.OF_TOMORROW, 5_000, -1));

        Step<SupervisionState, SupervisionAction> first = next(later, moving, 6 * SECOND);
        assertThat(first.actions())
                .filteredOn(Note.class::isInstance)
                .containsExactly(
                        new Note(
                                "QEMU reports the status 'of-tomorrow', which Godwit does not know, and counts as that of a migration that runs"));
        assertThat(first.actions()).noneMatch(action -> action instanceof End || action instanceof Fail);
        assertThat(next(later, first.state(), 7 * SECOND).actions())
                .noneMatch(Note.class::isInstance)
                .noneMatch(End.class::isInstance);
        assertThat(next(later, first.state(), LIMIT + SECOND).actions())
                .as("its time limit holds")
                .contains(Command.CANCEL);
    }

    @Test
    void aMonitorThatIsLostWhilePostCopyStartsIsSentTheCommandAgain() {
        assertThat(next(new CommandFailed(lost()), switched, 5 * SECOND).actions())
                .containsExactly(Command.RECONNECT, Command.START_POSTCOPY);
        assertThat(next(new CommandFailed(lost()), switched.withSwitchDowntime(12), 5 * SECOND)
                        .actions())
                .containsExactly(Command.RECONNECT);
        assertThat(next(new CommandFailed(lost()), moving, 5 * SECOND).actions())
                .containsExactly(Command.RECONNECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "failed", "cancelled"})
    void anAnnouncedEndIsMeasuredBeforeItIsPolled(String status) {
        Step<SupervisionState, SupervisionAction> announced = next(migration(status), moving, 5 * SECOND);
        assertSameState(announced, moving.withEndAnnounced(true), Command.MEASURE_COST);

        // 5 s is before the poll that is due at 5.5 s.
        Step<SupervisionState, SupervisionAction> passed = next(new TimePassed(), announced.state(), 5 * SECOND);
        assertSameState(passed, moving.withEndAnnounced(true), Command.POLL);

        MigrationInfo last = info(status, 4_000, 30);
        assertThat(next(new Polled(last), passed.state(), 5 * SECOND).actions())
                .containsExactly(new ReportProgress(last), new End(new MigrationEnd(last, false, false)));
    }

    @Test
    void anAnnouncementThatTheAnswerDoesNotConfirmIsForgotten() {
        Step<SupervisionState, SupervisionAction> step =
                next(new Polled(info("active", 4_000, -1)), moving.withEndAnnounced(true), 5 * SECOND);

        assertThat(step.state().endAnnounced()).isFalse();
        assertThat(step.actions()).containsExactly(new ReportProgress(info("active", 4_000, -1)));
    }

    // Polls

    @Test
    void qemuIsPolledAtOnceAndThenTwiceASecond() {
        assertSameState(next(new TimePassed(), initial, START), initial.pollingAt(START + HALF_A_SECOND), Command.POLL);
        assertSameState(next(new TimePassed(), moving, 5 * SECOND + HALF_A_SECOND - 1), moving);
        assertSameState(
                next(new TimePassed(), moving, 5 * SECOND + HALF_A_SECOND), moving.pollingAt(6 * SECOND), Command.POLL);
    }

    @Test
    void aPollIsDueEveryHalfSecondAndTheTimeLimitExactly() {
        assertThat(rule.dueNanos(initial)).isEqualTo(START);
        assertThat(rule.dueNanos(moving)).isEqualTo(5 * SECOND + HALF_A_SECOND);
        SupervisionState nearLimit = moving.pollingAt(LIMIT + 1);
        assertThat(rule.dueNanos(nearLimit)).isEqualTo(LIMIT);
        assertThat(rule.dueNanos(nearLimit.switchedOver())).isEqualTo(LIMIT + 1);
        assertThat(rule.dueNanos(nearLimit.cancelled(new Cancellation(LIMIT, true))))
                .isEqualTo(LIMIT + 1);
    }

    @Test
    void figuresAreMeasuredReportedAndRemembered() {
        MigrationInfo info = info("active", 4_000, -1);
        assertSameState(
                next(new Polled(info), moving, 5 * SECOND),
                moving.moved(info),
                Command.MEASURE_COST,
                new ReportProgress(info));
        assertThat(moving.moved(info).lastMoving()).isEqualTo(info);
    }

    @Test
    void figuresThatSayNothingOrFollowACancellationAreNotRemembered() {
        MigrationInfo first = info("active", 4_000, -1);
        assertThat(moving.moved(first).moved(info("setup", 0, -1)).lastMoving()).isEqualTo(first);
        assertThat(cancelling.moved(info("cancelling", 4_100, -1)).lastMoving()).isNull();
    }

    @Test
    void theAnswerAloneEndsAMigrationAlsoWithoutAnEvent() {
        MigrationInfo last = info("completed", 4_000, 30);
        assertThat(next(new Polled(last), moving, 5 * SECOND).actions())
                .containsExactly(
                        Command.MEASURE_COST, new ReportProgress(last), new End(new MigrationEnd(last, false, false)));
    }

    @Test
    void theFiguresOfACancelledMigrationAreThoseBeforeIt() {
        MigrationInfo before = info("active", 4_000, -1);
        SupervisionState state = moving.moved(before).cancelled(new Cancellation(5 * SECOND, true));
        // QEMU 10.0 counts on, or reports nothing at all.
        for (long elapsed : new long[] {4_100, 0}) {
            MigrationInfo last = info("cancelled", elapsed, -1);
            assertThat(end(next(new Polled(last), state, 6 * SECOND)))
                    .isEqualTo(new MigrationEnd(info("cancelled", 4_000, -1), true, false));
        }
    }

    @Test
    void aFailureWithoutFiguresKeepsTheLastOnesAndOneWithFiguresItsOwn() {
        SupervisionState state = moving.moved(info("active", 4_000, -1));
        assertThat(end(next(new Polled(info("failed", 0, -1)), state, 6 * SECOND))
                        .info())
                .isEqualTo(info("failed", 4_000, -1));
        assertThat(end(next(new Polled(info("failed", 4_200, -1)), state, 6 * SECOND))
                        .info())
                .isEqualTo(info("failed", 4_200, -1));
        assertThat(end(next(new Polled(info("failed", 0, -1)), moving, 6 * SECOND))
                        .info())
                .isEqualTo(info("failed", 0, -1));
    }

    @Test
    void aMigrationThatCompletesWhileItIsCancelledKeepsItsFiguresAndIsNotCancelledLate() {
        SupervisionState state = moving.moved(info("active", 4_000, -1)).cancelled(new Cancellation(LIMIT, true));
        MigrationEnd end = end(next(new Polled(info("completed", 10_050, 30)), state, LIMIT + 1));

        assertThat(end.info()).isEqualTo(info("completed", 10_050, 30));
        assertThat(end.cancelledLate()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"12, 900, 12", "0, 900, 0", "-1, 900, 900"})
    void theFirstDowntimeOfAPostCopyIsKept(long atTheSwitch, long atTheEnd, long kept) {
        SupervisionState state = switched.withSwitchDowntime(atTheSwitch);
        assertThat(end(next(new Polled(info("completed", 6_000, atTheEnd)), state, 7 * SECOND))
                        .info()
                        .downtimeMillis())
                .isEqualTo(kept);
    }

    @Test
    void aDowntimeCountsOnlyWhereTheSupervisorItselfSwitched() {
        SupervisionState state = moving.withSwitchDowntime(12);
        assertThat(end(next(new Polled(info("completed", 6_000, 900)), state, 7 * SECOND))
                        .info()
                        .downtimeMillis())
                .isEqualTo(900);
    }

    // The connection breaks in post-copy

    private static Polled paused(String reason) {
        return new Polled(
                new MigrationInfo("postcopy-paused", -1, info("", 6_000, -1).progress(), 0, reason));
    }

    @Test
    void aConnectionThatBrokeInPostCopyIsMadeAgainAndTheEndSaysForHowLongNoPageMoved() {
        Step<SupervisionState, SupervisionAction> broke = next(paused("Broken pipe"), switched, LIMIT + SECOND);
        assertThat(broke.actions())
                .contains(
                        Command.ENTER_POSTCOPY,
                        new ReportRecovery(new PostcopyRecovery(1, 0, 0, 0, "Broken pipe")),
                        Command.RECOVER)
                .doesNotContain(Command.CANCEL)
                .noneMatch(Fail.class::isInstance);

        Step<SupervisionState, SupervisionAction> begun =
                next(new RecoveryTried(RecoveryAttempt.begun()), broke.state(), LIMIT + SECOND);
        assertThat(begun.actions())
                .containsExactly(new ReportRecovery(new PostcopyRecovery(1, 0, 1, 0, "Broken pipe")));

        Step<SupervisionState, SupervisionAction> announced =
                next(migration("postcopy-active"), begun.state(), LIMIT + 3 * SECOND);
        assertThat(announced.actions()).as("its downtime was at the switch").isEmpty();
        assertThat(rule.dueNanos(announced.state())).as("is polled at once").isEqualTo(LIMIT + 3 * SECOND);

        Step<SupervisionState, SupervisionAction> again =
                next(new Polled(info("postcopy-active", 7_000, 1)), announced.state(), LIMIT + 3 * SECOND);
        PostcopyRecovery recovered = new PostcopyRecovery(1, 1, 1, 2_000, "Broken pipe");
        assertThat(again.actions())
                .contains(
                        new ReportRecovery(recovered),
                        new Note(
                                "The connection of post-copy was made again after 2.0 s (attempts: 1). The pages move again"));

        MigrationEnd end = end(next(new Polled(info("completed", 9_000, 1)), again.state(), LIMIT + 5 * SECOND));
        assertThat(end.recovery()).isEqualTo(recovered);
        assertThat(end.incomparable()).contains("its connection broke once in post-copy, and no page moved for 2.0 s");
    }

    @Test
    void aPostCopyThatCompletesAsSoonAsItsConnectionIsMadeAgainWasRecovered() {
        SupervisionState begun = next(
                        new RecoveryTried(RecoveryAttempt.begun()),
                        next(paused("reset"), switched, LIMIT).state(),
                        LIMIT)
                .state();

        assertThat(end(next(new Polled(info("completed", 9_000, 1)), begun, LIMIT + SECOND))
                        .recovery())
                .isEqualTo(new PostcopyRecovery(1, 1, 1, 1_000, "reset"));
    }

    @Test
    void aPostCopyThatCannotBeRecoveredFailsAndSaysWhatAnOperatorCanDo() {
        SupervisionState broken =
                next(paused("Connection reset by peer"), switched, LIMIT).state();

        Step<SupervisionState, SupervisionAction> step =
                next(new RecoveryTried(RecoveryAttempt.impossible("it is too old")), broken, LIMIT + SECOND);

        assertThat(step.actions())
                .contains(new ReportRecovery(new PostcopyRecovery(1, 0, 0, 1_000, "Connection reset by peer")));
        assertThat(failure(step))
                .hasMessageContaining("broke in post-copy (Connection reset by peer)")
                .hasMessageContaining("It cannot be made again: it is too old.")
                .hasMessageEndingWith("stop neither. When the link works, join them by hand.");
    }

    @Test
    void anEventThatTheConnectionBrokeIsFollowedByAPollAtOnce() {
        assertThat(rule.dueNanos(
                        next(migration("postcopy-paused"), switched, 5 * SECOND).state()))
                .isEqualTo(5 * SECOND);
    }

    // Cancellation

    @ParameterizedTest
    @CsvSource({
        "false, 10999999999, false, false",
        "false, 11000000000, true, true",
        "true, 6000000000, true, false",
        "true, 11000000000, true, true"
    })
    void aMigrationIsCancelledAtItsTimeLimitOrWhenTheCallerWantsIt(
            boolean wanted, long nanos, boolean cancelled, boolean timedOut) {
        SupervisionState state = moving.pollingAt(12 * SECOND);
        Step<SupervisionState, SupervisionAction> idle = rule.next(new TimePassed(), state, new Moment(nanos, wanted));
        MigrationInfo info = info("active", 4_000, -1);
        Step<SupervisionState, SupervisionAction> polled =
                rule.next(new Polled(info), state, new Moment(nanos, wanted));

        if (cancelled) {
            Cancellation cancellation = new Cancellation(nanos, timedOut);
            assertSameState(idle, state.cancelled(cancellation), Command.CANCEL);
            assertSameState(
                    polled,
                    state.moved(info).cancelled(cancellation),
                    Command.MEASURE_COST,
                    new ReportProgress(info),
                    Command.CANCEL);
        } else {
            assertSameState(idle, state);
            assertSameState(polled, state.moved(info), Command.MEASURE_COST, new ReportProgress(info));
        }
    }

    @Test
    void aPollThatIsDueComesBeforeTheTimeLimit() {
        assertSameState(next(new TimePassed(), moving, LIMIT), moving.pollingAt(LIMIT + HALF_A_SECOND), Command.POLL);
        MigrationInfo last = info("completed", 10_000, 30);
        assertThat(next(new Polled(last), moving, LIMIT).actions()).doesNotContain(Command.CANCEL);
    }

    @Test
    void aMigrationIsCancelledOnceAndNeverInPostCopy() {
        SupervisionState idle = cancelling.pollingAt(12 * SECOND);
        assertSameState(rule.next(new TimePassed(), idle, new Moment(LIMIT, true)), idle);
        SupervisionState gone = switched.pollingAt(12 * SECOND);
        assertSameState(rule.next(new TimePassed(), gone, new Moment(LIMIT, true)), gone);
        assertThat(rule.next(new Polled(info("postcopy-active", 9_000, 1)), gone, new Moment(LIMIT, true))
                        .actions())
                .doesNotContain(Command.CANCEL);
    }

    @Test
    void aMigrationThatQemuDoesNotEndInTimeIsStuck() {
        MigrationInfo before = info("active", 4_000, -1);
        SupervisionState state = moving.moved(before).cancelled(new Cancellation(LIMIT, true));
        Polled answer = new Polled(info("cancelling", 10_500, -1));

        assertThat(next(answer, state, LIMIT + 2 * SECOND).actions()).hasSize(2);
        assertThat(end(next(answer, state, LIMIT + 2 * SECOND + 1)))
                .isEqualTo(new MigrationEnd(info("cancelling", 4_000, -1), true, true));
        assertThat(end(next(new Polled(info("cancelled", 0, -1)), state, LIMIT + 3 * SECOND))
                        .stuck())
                .as("however late, QEMU has cancelled it")
                .isFalse();
    }

    // The monitor connection

    @Test
    void theMonitorIsReconnectedThreeTimes() {
        SupervisionState state = moving;
        for (int i = 0; i < 3; i++) {
            SupervisionEvent event = i == 1 ? named(QmpEvent.CLOSED) : new CommandFailed(lost());
            Step<SupervisionState, SupervisionAction> step = next(event, state, 5 * SECOND);
            assertSameState(step, state.lostConnection(), Command.RECONNECT);
            state = step.state();
        }
        assertThat(failure(next(new CommandFailed(lost()), state, 5 * SECOND))).hasMessageContaining("lost 4 times");
        assertThat(failure(next(named(QmpEvent.CLOSED), state, 5 * SECOND))).hasMessageContaining("lost 4 times");
    }

    @Test
    void theLimitOfReconnectionsIsNotTakenForALostConnection() {
        SupervisionState state = moving.lostConnection().lostConnection().lostConnection();
        assertThat(failure(next(named(QmpEvent.CLOSED), state, 5 * SECOND))).isNotInstanceOf(QmpException.class);
    }

    @Test
    void aLostConnectionCancelsAnAnnouncementSoThatTheNextPollIsMeasured() {
        assertSameState(
                next(new CommandFailed(lost()), moving.withEndAnnounced(true), 5 * SECOND),
                moving.lostConnection(),
                Command.RECONNECT);
    }

    @Test
    void aLostConnectionForgetsNeitherACancellationNorASwitch() {
        assertThat(next(new CommandFailed(lost()), cancelling, 5 * SECOND)
                        .state()
                        .cancelling())
                .isTrue();
        assertThat(next(new CommandFailed(lost()), switched, 5 * SECOND).state().switched())
                .isTrue();
    }

    @Test
    void aCommandThatQemuRefusesFailsTheMigrationInQemusWords() {
        QmpException refused = new QmpException("Postcopy is not supported", true, null);
        assertSameState(next(new CommandFailed(refused), moving, 5 * SECOND), moving, new Fail(refused));
    }

    @ParameterizedTest
    @EnumSource(Switchover.class)
    void timesMayWrapAround(Switchover switchover) {
        // nanoTime has no fixed origin.
        long start = Long.MAX_VALUE - SECOND;
        SupervisionRule wrapping = rule(switchover, start, MigrationWatch.NONE);
        SupervisionState state = wrapping.initial().pollingAt(start + 2 * SECOND);
        assertThat(wrapping.dueNanos(state)).isEqualTo(start + 2 * SECOND);
        assertThat(wrapping.next(new TimePassed(), state, new Moment(start + SECOND, false))
                        .actions())
                .isEmpty();
        assertThat(wrapping.next(new TimePassed(), state, new Moment(start + 2 * SECOND, false))
                        .actions())
                .containsExactly(Command.POLL);
    }

    private static SupervisionAction last(Step<SupervisionState, SupervisionAction> step) {
        return step.actions().get(step.actions().size() - 1);
    }

    private static MigrationEnd end(Step<SupervisionState, SupervisionAction> step) {
        return ((End) last(step)).end();
    }

    private static IOException failure(Step<SupervisionState, SupervisionAction> step) {
        return ((Fail) last(step)).failure();
    }
}
