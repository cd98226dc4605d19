package io.github.godwit.host.migrate.recover;

import static io.github.godwit.host.qmp.QemuMigrationStatus.COMPLETED;
import static io.github.godwit.host.qmp.QemuMigrationStatus.POSTCOPY_ACTIVE;
import static io.github.godwit.host.qmp.QemuMigrationStatus.POSTCOPY_PAUSED;
import static io.github.godwit.host.qmp.QemuMigrationStatus.POSTCOPY_RECOVER;
import static io.github.godwit.host.qmp.QemuMigrationStatus.POSTCOPY_RECOVER_SETUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.migrate.recover.RecoveryRule.Action;
import io.github.godwit.host.migrate.recover.RecoveryRule.Decision;
import io.github.godwit.host.qmp.QemuMigrationStatus;
import io.github.godwit.hostapi.PostcopyRecovery;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** It is tried for 60 s. The connection breaks at 100 s. */
class RecoveryRuleTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long BREAK = 100 * SECOND;
    private static final String RESET = "Connection reset by peer";

    private final RecoveryRule rule = new RecoveryRule(new RecoveryTerms(Duration.ofSeconds(60)), "join them by hand");
    private RecoveryState state = RecoveryState.NONE;

    private Decision polled(QemuMigrationStatus status, double seconds) {
        return polled(status, RESET, seconds);
    }

    private Decision polled(QemuMigrationStatus status, String reason, double seconds) {
        Decision decision = rule.polled(status, reason, state, BREAK + Math.round(seconds * SECOND));
        state = decision.state();
        return decision;
    }

    private Decision tried(RecoveryAttempt attempt, double seconds) {
        Decision decision = rule.tried(attempt, state, BREAK + Math.round(seconds * SECOND));
        state = decision.state();
        return decision;
    }

    private PostcopyRecovery at(double seconds) {
        return state.soFar(BREAK + Math.round(seconds * SECOND));
    }

    @ParameterizedTest
    @EnumSource(value = QemuMigrationStatus.class, mode = EnumSource.Mode.EXCLUDE, names = "POSTCOPY_PAUSED")
    void aConnectionThatDoesNotBreakIsLeftAlone(QemuMigrationStatus status) {
        assertThat(polled(status, 0).action()).isEqualTo(Action.NOTHING);
        assertThat(at(0)).isNull();
    }

    @Test
    void theFirstAttemptIsMadeAtOnceAndSaysWhy() {
        Decision broke = polled(POSTCOPY_PAUSED, 0);

        assertThat(broke.action()).isEqualTo(Action.TRY);
        assertThat(broke.words())
                .isEqualTo(
                        "The connection broke in post-copy (Connection reset by peer): no page moves, and the VM waits for those that "
                                + "it lacks. For 60 s it is tried to make it again");
        assertThat(at(2)).isEqualTo(new PostcopyRecovery(1, 0, 0, 2_000, RESET));
    }

    @Test
    void whileAnAttemptRunsNoOtherBegins() {
        polled(POSTCOPY_PAUSED, 0);
        tried(RecoveryAttempt.begun(), 0.2);

        assertThat(polled(POSTCOPY_RECOVER_SETUP, 0.5).action()).isEqualTo(Action.NOTHING);
        assertThat(polled(POSTCOPY_RECOVER, 55).action()).isEqualTo(Action.NOTHING);
    }

    @ParameterizedTest
    @EnumSource(
            value = QemuMigrationStatus.class,
            names = {"POSTCOPY_ACTIVE", "COMPLETED"})
    void pagesThatMoveAgainEndTheBreak(QemuMigrationStatus status) {
        polled(POSTCOPY_PAUSED, 0);
        tried(RecoveryAttempt.begun(), 0.2);

        Decision again = polled(status, 3.5);

        assertThat(again.action()).isEqualTo(Action.REPORT);
        assertThat(again.words()).contains("made again after 3.5 s (attempts: 1)");
        assertThat(at(50))
                .as("the pause does not grow any more")
                .isEqualTo(new PostcopyRecovery(1, 1, 1, 3_500, RESET));
        assertThat(polled(COMPLETED, 51).action()).isEqualTo(Action.NOTHING);
    }

    @Test
    void aSecondBreakIsRecoveredLikeTheFirstAndBothCount() {
        polled(POSTCOPY_PAUSED, 0);
        tried(RecoveryAttempt.begun(), 0);
        polled(POSTCOPY_ACTIVE, 2);

        assertThat(polled(POSTCOPY_PAUSED, "Broken pipe", 10).action()).isEqualTo(Action.TRY);
        tried(RecoveryAttempt.begun(), 10);
        polled(POSTCOPY_ACTIVE, 13);

        assertThat(at(20)).isEqualTo(new PostcopyRecovery(2, 2, 2, 5_000, "Broken pipe"));
        assertThat(at(20).clause()).isEqualTo("its connection broke 2 times in post-copy, and no page moved for 5.0 s");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "4, 8", "5, 15", "6, 15", "1000, 15"})
    void thePausesBetweenAttemptsGrow(int attempts, int seconds) {
        assertThat(rule.terms().pauseAfter(attempts)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void afterAFailureTheNextAttemptWaits() {
        polled(POSTCOPY_PAUSED, 0);
        assertThat(tried(RecoveryAttempt.failed("no route"), 1).words())
                .isEqualTo("Attempt 1 to make the connection of post-copy again failed (no route); the next is in 1 s");

        assertThat(polled(POSTCOPY_PAUSED, 1.9).action()).isEqualTo(Action.NOTHING);
        assertThat(polled(POSTCOPY_PAUSED, 2).action()).isEqualTo(Action.TRY);
        tried(RecoveryAttempt.failed("no route"), 2);
        assertThat(polled(POSTCOPY_PAUSED, 3.9).action()).isEqualTo(Action.NOTHING);
        assertThat(polled(POSTCOPY_PAUSED, 4).action()).isEqualTo(Action.TRY);
        assertThat(at(4)).isEqualTo(new PostcopyRecovery(1, 0, 2, 4_000, "no route"));
    }

    /** QEMU 9.1 and later. */
    @Test
    void anAttemptHasFailedAsSoonAsQemuIsPausedAfterItRecovered() {
        polled(POSTCOPY_PAUSED, 0);
        tried(RecoveryAttempt.begun(), 0);
        state = rule.reported(POSTCOPY_RECOVER_SETUP, state);

        Decision failed = polled(POSTCOPY_PAUSED, "Connection refused", 0.5);

        assertThat(failed.action()).isEqualTo(Action.REPORT);
        assertThat(failed.words()).contains("Attempt 1", "Connection refused", "in 1 s");
        assertThat(polled(POSTCOPY_PAUSED, 1.5).action()).isEqualTo(Action.TRY);
    }

    /** QEMU before 9.1 does not say that it connects. */
    @Test
    void anAttemptOfWhichQemuSaysNothingFailsAfterTenSeconds() {
        polled(POSTCOPY_PAUSED, 0);
        tried(RecoveryAttempt.begun(), 1);

        assertThat(polled(POSTCOPY_PAUSED, 10.9).action()).isEqualTo(Action.NOTHING);
        assertThat(polled(POSTCOPY_PAUSED, 11).words()).contains("Attempt 1", "failed");
    }

    @Test
    void itIsLeftToAnOperatorAtTheLimitAndOnlyOnce() {
        polled(POSTCOPY_PAUSED, 0);
        tried(RecoveryAttempt.failed("no route"), 59);

        Decision late = polled(POSTCOPY_PAUSED, 60);

        assertThat(late.action()).isEqualTo(Action.GIVE_UP);
        assertThat(late.words())
                .contains("(Connection reset by peer)")
                .contains("not made again within 60 s (attempts: 1; the last problem: no route)")
                .endsWith(
                        "because the pages of the VM are on both hosts: stop neither. When the link works, join them by hand.");
        assertThat(polled(POSTCOPY_PAUSED, 600).action()).isEqualTo(Action.NOTHING);
        assertThat(at(600).broken()).isTrue();
    }

    @Test
    void anAttemptThatRunsAtTheLimitMayStillSucceed() {
        polled(POSTCOPY_PAUSED, 0);
        tried(RecoveryAttempt.begun(), 59);

        assertThat(polled(POSTCOPY_RECOVER, 61).action()).isEqualTo(Action.NOTHING);
        assertThat(polled(POSTCOPY_ACTIVE, 62).action()).isEqualTo(Action.REPORT);
    }

    @Test
    void anAttemptThatNeitherSucceedsNorFailsIsNotWaitedForForEver() {
        polled(POSTCOPY_PAUSED, 0);
        tried(RecoveryAttempt.begun(), 59);

        assertThat(polled(POSTCOPY_RECOVER_SETUP, 209).action()).isEqualTo(Action.NOTHING);
        assertThat(polled(POSTCOPY_RECOVER_SETUP, 210).action()).isEqualTo(Action.GIVE_UP);
    }

    @Test
    void whatAnOperatorRecoversByHandIsRecovered() {
        polled(POSTCOPY_PAUSED, 0);
        tried(RecoveryAttempt.impossible("libvirt is too old"), 0);
        assertThat(polled(POSTCOPY_RECOVER, 600).action()).isEqualTo(Action.NOTHING);

        assertThat(polled(POSTCOPY_ACTIVE, 601).words()).contains("made again after 601.0 s (attempts: 0)");
    }

    @Test
    void whatCannotSucceedIsNotTried() {
        polled(POSTCOPY_PAUSED, 0);

        Decision decision = tried(RecoveryAttempt.impossible("libvirt is too old"), 0);

        assertThat(decision.action()).isEqualTo(Action.GIVE_UP);
        assertThat(decision.words())
                .contains("broke in post-copy (Connection reset by peer)", "again: libvirt is too old.");
        assertThat(at(0).attempts()).isZero();
    }

    @Test
    void anOperatorCanForbidIt() {
        RecoveryRule never = new RecoveryRule(RecoveryTerms.NEVER, "join them by hand");

        Decision decision = never.polled(POSTCOPY_PAUSED, RESET, RecoveryState.NONE, BREAK);

        assertThat(decision.action()).isEqualTo(Action.GIVE_UP);
        assertThat(decision.words()).contains("not made again, because --postcopy-recovery is 0");
    }

    @Test
    void aLimitIsNotNegativeAndFiveMinutesUnlessItIsGiven() {
        assertThat(RecoveryTerms.DEFAULT.limit()).isEqualTo(Duration.ofMinutes(5));
        assertThatThrownBy(() -> new RecoveryTerms(Duration.ofSeconds(-1)))
                .hasMessage("The limit of recovery (PT-1S) must not be negative. Give 0 to have it never tried.");
    }
}
