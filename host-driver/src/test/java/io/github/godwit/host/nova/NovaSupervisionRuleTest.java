package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.Moment;
import io.github.godwit.host.migrate.Step;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.host.nova.NovaSupervisionAction.Command;
import io.github.godwit.host.nova.NovaSupervisionAction.End;
import io.github.godwit.host.nova.NovaSupervisionAction.Fail;
import io.github.godwit.host.nova.NovaSupervisionAction.Note;
import io.github.godwit.host.nova.NovaSupervisionAction.ReportProgress;
import io.github.godwit.host.nova.NovaSupervisionEvent.DowntimePolled;
import io.github.godwit.host.nova.NovaSupervisionEvent.Polled;
import io.github.godwit.host.nova.NovaSupervisionEvent.Signalled;
import io.github.godwit.host.nova.NovaSupervisionEvent.TimePassed;
import io.github.godwit.host.nova.PendingNovaMigration.FromLibvirt;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.PendingNovaMigration.Wake;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every transition of {@link NovaSupervisionRule}. nova-compute is answered at 1 s. */
class NovaSupervisionRuleTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long HALF_A_SECOND = SECOND / 2;

    private final NovaSupervisionState initial = NovaSupervisionRule.initial(SECOND);

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
        return NovaSupervisionRule.next(event, state, new Moment(nanos, false));
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

    // libvirt's events

    @Test
    void aRoundOverTheMemoryIsPolledAtOnce() {
        NovaSupervisionState polling = moving.pollingAt(5 * SECOND);
        assertStep(next(libvirt(new JobEvent.Iteration(2)), moving, 5 * SECOND), polling);
        assertThat(next(new TimePassed(), polling, 5 * SECOND).actions()).containsExactly(Command.POLL);
    }

    @Test
    void theDowntimeIsPolledAtTheSwitchOnceNothingCanCancelAnyMore() {
        assertStep(
                next(libvirt(new JobEvent.Postcopy()), moving, 5 * SECOND),
                moving,
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
                moving,
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
                libvirt(new JobEvent.Completed(failed(0))), state, new Moment(6 * SECOND, wanted));
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
            names = {"NOTICE", "ASK", "STARTED", "POSTCOPY"})
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
    void adviceThatLibvirtRefusedFailsTheMigration() {
        assertStep(
                next(nova(Kind.REFUSED), moving, 5 * SECOND),
                moving,
                new Fail("libvirt refused the advice; Nova migrates with its own flags: words"));
    }

    // Cancellation

    @Test
    void libvirtAbortsTheJobEachTimeTheCallerAsksForIt() {
        Signalled wake = new Signalled(new Wake());
        assertStep(next(wake, moving, 5 * SECOND), moving);
        assertStep(NovaSupervisionRule.next(wake, moving, new Moment(5 * SECOND, true)), moving, Command.ABORT);
        assertThat(NovaSupervisionRule.next(new TimePassed(), moving, new Moment(5 * SECOND, true))
                        .actions())
                .isEmpty();
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
                moving.moved(stats).waitingUntil(37 * SECOND),
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
    void aMigrationThatNovaDoesNotBeginFails() {
        NovaSupervisionState idle = initial.pollingAt(40 * SECOND);
        for (NovaSupervisionEvent event : new NovaSupervisionEvent[] {new TimePassed(), new Polled(Optional.empty())}) {
            Fail fail = (Fail) next(event, idle, 31 * SECOND).actions().get(0);
            assertThat(fail.reason()).contains("did not begin it within 30 s");
        }
    }

    @Test
    void aMigrationOfWhichNobodyReportsTheEndFails() {
        Fail fail = (Fail) next(new Polled(Optional.empty()), moving, 31 * SECOND)
                .actions()
                .get(0);
        assertThat(fail.reason()).contains("Neither libvirt nor nova-compute reported how the migration ended");
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
