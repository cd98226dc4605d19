package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.Step;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.host.nova.NovaSupervisionAction.Apply;
import io.github.godwit.host.nova.NovaSupervisionAction.Command;
import io.github.godwit.host.nova.NovaSupervisionAction.End;
import io.github.godwit.host.nova.NovaSupervisionAction.Fail;
import io.github.godwit.host.nova.NovaSupervisionAction.Note;
import io.github.godwit.host.nova.NovaSupervisionAction.ReportProgress;
import io.github.godwit.host.nova.NovaSupervisionEvent.DowntimePolled;
import io.github.godwit.host.nova.NovaSupervisionEvent.Located;
import io.github.godwit.host.nova.NovaSupervisionEvent.Place;
import io.github.godwit.host.nova.NovaSupervisionEvent.Polled;
import io.github.godwit.host.nova.NovaSupervisionEvent.Signalled;
import io.github.godwit.host.nova.NovaSupervisionEvent.TimePassed;
import io.github.godwit.host.nova.PendingNovaMigration.FromLibvirt;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.PendingNovaMigration.Wake;
import io.github.godwit.model.watch.DowntimeRamp;
import io.github.godwit.model.watch.MigrationWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every transition of {@link NovaSupervisionRule}. nova-compute is answered at 1 s. */
class NovaSupervisionRuleTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long HALF_A_SECOND = SECOND / 2;

    private final NovaSupervisionState initial = NovaSupervisionRule.initial(SECOND, false);

    /** Polled at 5 s: libvirt's job has run for 4 s. */
    private final NovaSupervisionState moving =
            initial.pollingAt(5 * SECOND + HALF_A_SECOND).moved(stats(4_000, -1));

    private static JobStats stats(long elapsedMillis, long downtimeMillis) {
        return new JobStats(Map.of(
                "operation", 5L, "time_elapsed", elapsedMillis, "downtime", downtimeMillis, "data_processed", 1L));
    }

    private static JobStats failed(long elapsedMillis) {
        return new JobStats(
                Map.of("operation", 5L, "time_elapsed", elapsedMillis, "success", false, "errmsg", "Broken pipe"));
    }

    private static NovaMessage message(Kind kind) {
        return new NovaMessage(kind, "vm", "there", null, 0, null, null, "words");
    }

    private static Signalled libvirt(JobEvent event) {
        return new Signalled(new FromLibvirt(event));
    }

    private static Signalled nova(Kind kind) {
        return new Signalled(new FromNova(message(kind)));
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> next(
            NovaSupervisionEvent event, NovaSupervisionState state, long nanos) {
        return NovaSupervisionRule.next(event, state, NovaMoment.at(nanos));
    }

    private static void assertStep(
            Step<NovaSupervisionState, NovaSupervisionAction> step,
            NovaSupervisionState state,
            NovaSupervisionAction... actions) {
        assertThat(step).isEqualTo(Step.of(state, actions));
    }

    private static MigrationInfo active(JobStats stats) {
        return MigrationInfo.of(stats, "active", null);
    }

    private static MigrationInfo end(Step<NovaSupervisionState, NovaSupervisionAction> step) {
        return ((End) step.actions().get(step.actions().size() - 1)).info();
    }

    // What is changed while it runs

    private static final MigrationWatch FALLING_BACK = new MigrationWatch(DowntimeRamp.NONE, true, null);

    private static Polled round(int number, long expectedDowntimeMillis) {
        return new Polled(Optional.of(new JobStats(Map.of(
                "operation",
                5L,
                "time_elapsed",
                number * 1_000L,
                "downtime",
                expectedDowntimeMillis,
                "memory_iteration",
                (long) number))));
    }

    /** What is changed after rounds that expect this downtime. */
    private static List<NovaSupervisionAction> changes(NovaSupervisionState begin, NovaMoment... moments) {
        List<NovaSupervisionAction> changes = new ArrayList<>();
        NovaSupervisionState state = begin;
        for (int round = 1; round <= moments.length; round++) {
            Step<NovaSupervisionState, NovaSupervisionAction> step =
                    NovaSupervisionRule.next(round(round, 2_000), state, moments[round - 1]);
            state = step.state();
            step.actions().stream().filter(Apply.class::isInstance).forEach(changes::add);
        }
        return changes;
    }

    private static NovaMoment[] moments(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(second -> NovaMoment.at(second * SECOND))
                .toArray(NovaMoment[]::new);
    }

    @Test
    void novaComputeIsRequestedOnceToSwitchAPreCopyThatStalls() {
        NovaSupervisionState watched = initial.watchedBy(FALLING_BACK, Duration.ofMillis(500));
        assertThat(changes(watched, moments(4))).isEmpty();
        assertThat(changes(watched, moments(9))).hasSize(1);
        assertThat(changes(initial, moments(9))).isEmpty();
    }

    @Test
    void neitherOnceItHasSwitchedNorWithNovasOwnFlagsNorOnceGodwitIsSwitchedOff() {
        NovaSupervisionState watched = initial.watchedBy(FALLING_BACK, Duration.ofMillis(500));
        assertThat(changes(watched.inPostcopy(), moments(9))).isEmpty();
        assertThat(changes(watched.refusedBy(message(Kind.REFUSED)), moments(9)))
                .isEmpty();
        NovaMoment[] withdrawn = IntStream.rangeClosed(1, 9)
                .mapToObj(second -> new NovaMoment(second * SECOND, false, true))
                .toArray(NovaMoment[]::new);
        assertThat(changes(watched, withdrawn)).isEmpty();
    }

    // libvirt's events

    @Test
    void aRoundOverTheMemoryIsPolledAtOnce() {
        NovaSupervisionState polling = moving.pollingAt(5 * SECOND);
        assertStep(next(libvirt(new JobEvent.Iteration(2)), moving, 5 * SECOND), polling);
        assertThat(next(new TimePassed(), polling, 5 * SECOND).actions()).containsExactly(Command.POLL);
    }

    @Test
    void theCostIsMeasuredWhenTheVmIsPausedBecauseLibvirtEndsQemuBeforeItReportsTheEnd() {
        assertStep(next(libvirt(new JobEvent.Paused()), moving, 5 * SECOND), moving, Command.MEASURE_COST);
    }

    @Test
    void theDowntimeIsPolledAtTheSwitchOnceNothingCanCancelAnyMore() {
        assertStep(
                next(libvirt(new JobEvent.Postcopy()), moving, 5 * SECOND),
                moving.inPostcopy(),
                Command.COMMIT_TO_POSTCOPY,
                Command.POLL_DOWNTIME);
        JobStats atTheSwitch = stats(4_100, 12);
        assertStep(
                next(new DowntimePolled(Optional.of(atTheSwitch)), moving, 5 * SECOND),
                moving.moved(atTheSwitch).withSwitchDowntime(12),
                Command.MEASURE_COST,
                new ReportProgress(active(atTheSwitch)),
                Command.ENTER_POSTCOPY);
    }

    @Test
    void withoutFiguresAtTheSwitchItsDowntimeIsThatOfTheLastOnes() {
        assertStep(
                next(new DowntimePolled(Optional.empty()), moving.moved(stats(4_000, 7)), 5 * SECOND),
                moving.moved(stats(4_000, 7)).withSwitchDowntime(7),
                Command.ENTER_POSTCOPY);
    }

    @Test
    void aCompletedJobEndsTheMigration() {
        MigrationInfo info = MigrationInfo.of(stats(5_000, 40), "completed", null);
        assertStep(
                next(libvirt(new JobEvent.Completed(stats(5_000, 40))), moving, 6 * SECOND),
                moving.moved(stats(5_000, 40)),
                Command.MEASURE_COST,
                new ReportProgress(info),
                new End(info));
    }

    @Test
    void theEndOfAnotherJobIsIgnored() {
        JobStats backup = new JobStats(Map.of("operation", 8L, "time_elapsed", 3L));
        assertStep(next(libvirt(new JobEvent.Completed(backup)), moving, 6 * SECOND), moving);
    }

    @ParameterizedTest
    @CsvSource({"12, 900, 12", "0, 900, 0", "-1, 900, 900"})
    void theFirstDowntimeOfAPostCopyIsKept(long atTheSwitch, long atTheEnd, long kept) {
        Step<NovaSupervisionState, NovaSupervisionAction> step = next(
                libvirt(new JobEvent.Completed(stats(5_000, atTheEnd))),
                moving.withSwitchDowntime(atTheSwitch),
                6 * SECOND);
        assertThat(end(step).downtimeMillis()).isEqualTo(kept);
        assertThat(step.actions().get(1))
                .as("progress is reported as libvirt reports it")
                .isEqualTo(new ReportProgress(MigrationInfo.of(stats(5_000, atTheEnd), "completed", null)));
    }

    @ParameterizedTest
    @CsvSource({"false, , failed", "true, , cancelled", "false, ABORTED, cancelled", "false, FAILED, failed"})
    void aJobThatDidNotSucceedWasCancelledWhereSomebodyCancelledIt(boolean wanted, Kind said, String status) {
        NovaSupervisionState state = said == null ? moving : moving.endedBy(message(said));
        Step<NovaSupervisionState, NovaSupervisionAction> step = NovaSupervisionRule.next(
                libvirt(new JobEvent.Completed(failed(0))), state, new NovaMoment(6 * SECOND, wanted, false));
        assertThat(end(step).status()).isEqualTo(status);
        assertThat(end(step).reason()).isEqualTo("Broken pipe");
    }

    @Test
    void aFailureWithoutFiguresKeepsTheLastOnesAndOneWithFiguresItsOwn() {
        assertThat(end(next(libvirt(new JobEvent.Completed(failed(0))), moving, 6 * SECOND))
                        .progress()
                        .elapsedMillis())
                .isEqualTo(4_000);
        assertThat(end(next(libvirt(new JobEvent.Completed(failed(4_700))), moving, 6 * SECOND))
                        .progress()
                        .elapsedMillis())
                .isEqualTo(4_700);
    }

    // nova-compute's messages

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"NOTICE", "ASK", "STARTED"})
    void messagesBeforeTheEndChangeNothing(Kind kind) {
        assertStep(next(nova(kind), moving, 5 * SECOND), moving);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"COMPLETED", "ABORTED", "FAILED"})
    void theFirstEndThatNovaReportsLeavesLibvirtTwoSeconds(Kind kind) {
        NovaSupervisionState ending = moving.endedBy(message(kind)).waitingUntil(7 * SECOND);
        assertStep(next(nova(kind), moving, 5 * SECOND), ending);
        assertStep(next(nova(Kind.FAILED), ending, 6 * SECOND), ending);
        assertStep(next(nova(Kind.REFUSED), ending, 6 * SECOND), ending);
    }

    @Test
    void aSignOfNovaProlongsTheWaitingByTwentySeconds() {
        assertStep(
                next(nova(Kind.ALIVE), moving, 30 * SECOND),
                moving.signedAt(30 * SECOND).waitingAtLeastUntil(50 * SECOND));
        assertThat(next(nova(Kind.ALIVE), moving, 5 * SECOND).state().deadlineNanos())
                .isEqualTo(31 * SECOND);
    }

    // Refusals

    private final FromNova refused = new FromNova(message(Kind.REFUSED));

    /** libvirt has refused the advice at 5 s. */
    private final NovaSupervisionState secondTry =
            moving.refusedBy(refused.message()).waitingAtLeastUntil(35 * SECOND);

    @Test
    void afterARefusalEverythingIsPutBackAndTheSecondJobIsWaitedForFromItsBeginning() {
        assertStep(
                next(new Signalled(refused), moving.withSwitchDowntime(3), 5 * SECOND),
                secondTry,
                new NovaSupervisionAction.TakeBack(refused));
        assertThat(secondTry.job().begun()).isFalse();
    }

    private static JobStats sends(long memory, long disk) {
        return new JobStats(
                Map.of("operation", 5L, "time_elapsed", 100L, "memory_processed", memory, "disk_processed", disk));
    }

    @Test
    void aRefusalIsRememberedOnceNovasOwnFlagsSendMemory() {
        NovaSupervisionAction remember = new NovaSupervisionAction.Remember(refused.message());
        assertThat(next(new Polled(Optional.of(sends(0, 9))), secondTry, 6 * SECOND)
                        .actions())
                .doesNotContain(remember);
        Step<NovaSupervisionState, NovaSupervisionAction> sending =
                next(new Polled(Optional.of(sends(1, 0))), secondTry, 6 * SECOND);
        assertThat(sending.actions()).contains(remember);
        assertThat(next(new Polled(Optional.of(sends(2, 0))), sending.state(), 7 * SECOND)
                        .actions())
                .doesNotContain(remember);
    }

    @Test
    void orOnceTheyHaveArrived() {
        assertThat(next(libvirt(new JobEvent.Completed(stats(900, 40))), secondTry, 6 * SECOND)
                        .actions())
                .contains(new NovaSupervisionAction.Remember(refused.message()));
        assertThat(next(libvirt(new JobEvent.Completed(failed(900))), secondTry, 6 * SECOND)
                        .actions())
                .noneMatch(NovaSupervisionAction.Remember.class::isInstance);
    }

    @Test
    void withoutARefusalNothingIsRemembered() {
        assertThat(next(new Polled(Optional.of(sends(1, 0))), moving, 6 * SECOND)
                        .actions())
                .noneMatch(NovaSupervisionAction.Remember.class::isInstance);
    }

    // nova-compute is gone

    /** A technique that nova-compute has to switch; its last sign was at 10 s. */
    private final NovaSupervisionState switching =
            NovaSupervisionRule.initial(SECOND, true).moved(stats(4_000, -1)).signedAt(10 * SECOND);

    private static Step<NovaSupervisionState, NovaSupervisionAction> polledAt(
            NovaSupervisionState state, NovaMoment now) {
        return NovaSupervisionRule.next(new Polled(Optional.of(stats(5_000, -1))), state, now);
    }

    @Test
    void aJobThatOnlyNovaComputeCouldSwitchIsAbortedAfterTwoMinutesOfItsSilence() {
        assertThat(polledAt(switching, NovaMoment.at(130 * SECOND - 1)).actions())
                .doesNotContain(Command.ABORT);
        Step<NovaSupervisionState, NovaSupervisionAction> step = polledAt(switching, NovaMoment.at(130 * SECOND));
        assertThat(step.actions()).endsWith(Command.ABORT);
        assertThat(polledAt(step.state(), NovaMoment.at(131 * SECOND)).actions())
                .as("and again after two more")
                .doesNotContain(Command.ABORT);
        assertThat(polledAt(step.state(), NovaMoment.at(250 * SECOND)).actions())
                .contains(Command.ABORT);
    }

    @Test
    void neverInPostCopyNorWithATechniqueThatConvergesNorWhereNovasOwnFlagsRunNorWhereGodwitIsOff() {
        NovaMoment late = NovaMoment.at(1_000 * SECOND);
        NovaSupervisionState told =
                next(nova(Kind.POSTCOPY), switching, 11 * SECOND).state();
        for (NovaSupervisionState state : new NovaSupervisionState[] {
            switching.inPostcopy(), told, moving.signedAt(SECOND), switching.refusedBy(refused.message())
        }) {
            assertThat(polledAt(state, late).actions()).doesNotContain(Command.ABORT);
        }
        assertThat(polledAt(switching, new NovaMoment(late.nanos(), false, true))
                        .actions())
                .doesNotContain(Command.ABORT);
    }

    @Test
    void anOlderComputeDriverThatShowsNoSignsIsNotTakenForGone() {
        NovaSupervisionState silent = NovaSupervisionRule.initial(SECOND, true).moved(stats(4_000, -1));
        assertThat(polledAt(silent, NovaMoment.at(1_000 * SECOND)).actions()).doesNotContain(Command.ABORT);
    }

    @Test
    void itsMigrationThenCountsAsCancelled() {
        NovaSupervisionState aborted = switching.desertedAt(130 * SECOND).overdueAt(132 * SECOND, 134 * SECOND);
        assertThat(end(next(new Located(Place.HERE), aborted, 162 * SECOND)).status())
                .isEqualTo("cancelled");
    }

    // Cancellation

    @Test
    void libvirtAbortsTheJobEachTimeTheCallerAsksForIt() {
        Signalled wake = new Signalled(new Wake());
        assertStep(next(wake, moving, 5 * SECOND), moving);
        assertStep(
                NovaSupervisionRule.next(wake, moving, new NovaMoment(5 * SECOND, true, false)), moving, Command.ABORT);
        assertThat(NovaSupervisionRule.next(new TimePassed(), moving, new NovaMoment(5 * SECOND, true, false))
                        .actions())
                .isEmpty();
    }

    @Test
    void aJobThatBeginsAfterTheCancellationIsAborted() {
        NovaMoment wanted = new NovaMoment(5 * SECOND, true, false);
        Polled first = new Polled(Optional.of(stats(100, -1)));
        assertThat(NovaSupervisionRule.next(first, initial, wanted).actions()).contains(Command.ABORT);
        assertThat(NovaSupervisionRule.next(first, moving, wanted).actions()).doesNotContain(Command.ABORT);
        assertThat(next(first, initial, 5 * SECOND).actions()).doesNotContain(Command.ABORT);
    }

    // Polls

    @Test
    void libvirtIsPolledAtOnceAndThenTwiceASecond() {
        assertStep(next(new TimePassed(), initial, SECOND), initial.pollingAt(SECOND + HALF_A_SECOND), Command.POLL);
        assertStep(next(new TimePassed(), moving, 5 * SECOND), moving);
        assertStep(
                next(new TimePassed(), moving, 5 * SECOND + HALF_A_SECOND), moving.pollingAt(6 * SECOND), Command.POLL);
    }

    @Test
    void aRunningJobIsMeasuredReportedAndWaitedFor() {
        JobStats stats = stats(32_000, -1);
        // 35 s + 2 s is later than the 31 s until which the job may begin; 5 s + 2 s is not.
        assertStep(
                next(new Polled(Optional.of(stats)), moving, 35 * SECOND),
                moving.moved(stats).waitingAtLeastUntil(37 * SECOND),
                Command.MEASURE_COST,
                new ReportProgress(active(stats)));
        assertThat(next(new Polled(Optional.of(stats)), moving, 5 * SECOND)
                        .state()
                        .deadlineNanos())
                .isEqualTo(31 * SECOND);
    }

    @Test
    void aRunningJobIsWaitedForAlsoAfterNovaReportedTheEnd() {
        NovaSupervisionState ending = moving.endedBy(message(Kind.COMPLETED)).waitingUntil(7 * SECOND);
        assertThat(next(new Polled(Optional.of(stats(5_000, -1))), ending, 8 * SECOND)
                        .state()
                        .deadlineNanos())
                .isEqualTo(10 * SECOND);
    }

    @Test
    void theSwitchToPostCopyDoesNotProlongTheWaiting() {
        assertThat(next(new DowntimePolled(Optional.of(stats(32_000, 1))), moving, 35 * SECOND)
                        .state()
                        .deadlineNanos())
                .isEqualTo(31 * SECOND);
    }

    // Deadlines

    @Test
    void withoutAJobTheMigrationIsWaitedForUntilTheDeadline() {
        NovaSupervisionState idle = initial.pollingAt(40 * SECOND);
        assertStep(next(new Polled(Optional.empty()), idle, 31 * SECOND - 1), idle);
        assertStep(next(new TimePassed(), idle, 31 * SECOND - 1), idle);
    }

    @Test
    void afterTheDeadlineItIsAskedWhereTheVmIsEveryTwoSeconds() {
        NovaSupervisionState idle = moving.pollingAt(40 * SECOND);
        for (NovaSupervisionEvent event : new NovaSupervisionEvent[] {new TimePassed(), new Polled(Optional.empty())}) {
            assertStep(next(event, idle, 31 * SECOND), idle.overdueAt(31 * SECOND, 33 * SECOND), Command.LOCATE);
        }
        NovaSupervisionState overdue = idle.overdueAt(31 * SECOND, 33 * SECOND);
        assertStep(next(new TimePassed(), overdue, 32 * SECOND), overdue);
        assertThat(next(new TimePassed(), overdue, 33 * SECOND).state().clock().overdueNanos())
                .isEqualTo(31 * SECOND);
    }

    /** Since 31 s it is asked where the VM is. */
    private final NovaSupervisionState overdue =
            moving.pollingAt(1_000 * SECOND).overdueAt(31 * SECOND, 33 * SECOND);

    @Test
    void aVmThatRunsOnTheDestinationHasArrivedWhoeverReportsIt() {
        Step<NovaSupervisionState, NovaSupervisionAction> step = next(new Located(Place.THERE), overdue, 32 * SECOND);
        assertThat(step.actions().get(0)).isInstanceOf(Note.class);
        assertThat(end(step).completed()).isTrue();
        assertThat(end(step).progress().elapsedMillis()).isZero();
    }

    @Test
    void aVmThatIsHereWithoutAJobIsWaitedForHalfAMinuteMore() {
        assertStep(next(new Located(Place.HERE), overdue, 61 * SECOND - 1), overdue);
        MigrationInfo info = end(next(new Located(Place.HERE), overdue, 61 * SECOND));
        assertThat(info.status()).isEqualTo("failed");
        assertThat(info.reason()).contains("the VM is on this host as before");
        assertThat(info.progress().elapsedMillis()).isEqualTo(4_000);
    }

    @Test
    void asLongAsNovaFollowsItNoVerdictIsMade() {
        NovaSupervisionState followed =
                next(nova(Kind.ALIVE), overdue, 60 * SECOND).state();
        assertStep(next(new TimePassed(), followed, 79 * SECOND), followed);
        NovaSupervisionState again =
                next(new TimePassed(), followed, 80 * SECOND).state();
        assertStep(next(new Located(Place.HERE), again, 109 * SECOND), again);
    }

    @Test
    void aMigrationThatItsCallerWantedCancelledIsCancelled() {
        assertThat(end(NovaSupervisionRule.next(
                                new Located(Place.HERE), overdue, new NovaMoment(61 * SECOND, true, false)))
                        .status())
                .isEqualTo("cancelled");
    }

    @Test
    void aMigrationThatNovaDoesNotBeginFails() {
        NovaSupervisionState idle = initial.overdueAt(31 * SECOND, 33 * SECOND);
        Fail fail = (Fail)
                next(new Located(Place.HERE), idle, 61 * SECOND).actions().get(0);
        assertThat(fail.reason()).contains("did not begin it");
    }

    @Test
    void aVmThatIsNowhereIsWaitedForFiveMinutes() {
        assertStep(next(new Located(Place.UNKNOWN), overdue, 331 * SECOND - 1), overdue);
        Fail fail = (Fail) next(new Located(Place.UNKNOWN), overdue, 331 * SECOND)
                .actions()
                .get(0);
        assertThat(fail.reason()).contains("The VM is not on this host");
    }

    @Test
    void aJobThatShowsUpAgainIsNotOverdue() {
        assertThat(next(new Polled(Optional.of(stats(9_000, -1))), overdue, 40 * SECOND)
                        .state())
                .isEqualTo(overdue.moved(stats(9_000, -1)).waitingAtLeastUntil(42 * SECOND));
    }

    @Test
    void whereLibvirtReportsNoEndThatOfNovaCountsButNotTheLastFigures() {
        NovaSupervisionState ending =
                moving.endedBy(message(Kind.COMPLETED)).waitingUntil(7 * SECOND).withSwitchDowntime(12);
        Step<NovaSupervisionState, NovaSupervisionAction> step = next(new Polled(Optional.empty()), ending, 7 * SECOND);

        assertThat(step.actions()).hasSize(2).first().isInstanceOf(Note.class);
        assertThat(end(step).completed()).isTrue();
        assertThat(end(step).progress().elapsedMillis()).isZero();
        assertThat(end(step).downtimeMillis()).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({"ABORTED, cancelled", "FAILED, failed"})
    void aMigrationThatNovaEndedWithoutSuccessKeepsItsLastFigures(Kind kind, String status) {
        NovaSupervisionState ending = moving.endedBy(message(kind)).waitingUntil(7 * SECOND);
        MigrationInfo info = MigrationInfo.of(stats(4_000, -1), status, "words");
        assertStep(next(new Polled(Optional.empty()), ending, 7 * SECOND), ending, new End(info));
    }
}
