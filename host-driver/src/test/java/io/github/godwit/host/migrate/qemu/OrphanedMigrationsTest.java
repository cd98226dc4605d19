package io.github.godwit.host.migrate.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.qemu.OrphanedMigrations.Verdict;
import io.github.godwit.host.qmp.QemuRelease;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.model.technique.MigrationTuning;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OrphanedMigrationsTest {

    private static final Duration LIMIT = MigrationTuning.DEFAULT.timeLimit();

    @ParameterizedTest
    @CsvSource({
        "completed, HAND_OVER, HAND_OVER",
        "failed, GIVE_UP, GIVE_UP",
        "cancelled, GIVE_UP, GIVE_UP",
        "none, GIVE_UP, GIVE_UP",
        "setup, WAIT, CANCEL",
        "active, WAIT, CANCEL",
        "device, WAIT, CANCEL",
        "wait-unplug, WAIT, CANCEL",
        "pre-switchover, WAIT, CANCEL",
        "failing, WAIT, CANCEL",
        "postcopy-device, WAIT, WAIT",
        "postcopy-active, WAIT, WAIT",
        "postcopy-paused, WAIT, WAIT"
    })
    void qemusStatusAndTheTimeLimitDecide(String status, Verdict inTime, Verdict late) {
        MigrationInfo info = new MigrationInfo(status, -1, new Progress(0, 0, 0, 0, 0, 0), 0, null);
        assertThat(OrphanedMigrations.verdict(info, false, LIMIT)).isEqualTo(inTime);
        assertThat(OrphanedMigrations.verdict(info, false, LIMIT.plusNanos(1))).isEqualTo(late);
    }

    /** QEMU 9.0 and later run the VM again on the source, whatever its migration was doing when it failed. */
    @ParameterizedTest
    @CsvSource({
        "completed, HAND_OVER",
        "failed, STOP",
        "cancelled, STOP",
        "none, STOP",
        "postcopy-active, WAIT",
        "postcopy-paused, WAIT"
    })
    void aVmThatHasLeftNeverStays(String status, Verdict verdict) {
        MigrationInfo info = new MigrationInfo(status, -1, new Progress(0, 0, 0, 0, 0, 0), 0, null);
        assertThat(OrphanedMigrations.verdict(info, true, LIMIT.plusNanos(1))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @MethodSource("io.github.godwit.host.qmp.QemuRelease#statuses")
    void noStatusOfAnyReleaseEndsAMigrationThatMayHaveReachedTheDestination(String status) {
        MigrationInfo info = new MigrationInfo(status, -1, new Progress(0, 0, 0, 0, 0, 0), 0, null);
        Verdict late = OrphanedMigrations.verdict(info, false, LIMIT.plusNanos(1));

        boolean ends = Set.of("completed", "failed", "cancelled", "none").contains(status);
        assertThat(late == Verdict.WAIT || late == Verdict.CANCEL).isNotEqualTo(ends);
        if (status.startsWith("postcopy")) {
            assertThat(late).isEqualTo(Verdict.WAIT);
        }
    }

    @Test
    void aStatusThatALaterReleaseAddsIsWaitedForAndNeverCancelled() {
        MigrationInfo later = new MigrationInfo(QemuRelease.OF_TOMORROW, -1, new Progress(0, 0, 0, 0, 0, 0), 0, null);

        assertThat(OrphanedMigrations.verdict(later, false, LIMIT.plusNanos(1))).isEqualTo(Verdict.WAIT);
    }

    /** A QEMU that still receives is not stopped, whatever its status is. */
    @ParameterizedTest
    @MethodSource("io.github.godwit.host.qmp.QemuRelease#statuses")
    void onTheDestinationOnlyWhatHasNotBegunOrHasFailedIsAbandoned(String status) {
        Instant now = Instant.parse("2026-01-01T00:10:00Z");
        Instant expired = now.minus(Incoming.LEASE).minusSeconds(1);

        assertThat(Incoming.verdict(status, expired, now))
                .isEqualTo(
                        status.equals("completed")
                                ? Incoming.Verdict.KEEP
                                : Set.of("none", "setup", "failed", "cancelled").contains(status)
                                        ? Incoming.Verdict.ABANDON
                                        : Incoming.Verdict.WAIT);
        assertThat(Incoming.verdict(QemuRelease.OF_TOMORROW, expired, now)).isEqualTo(Incoming.Verdict.WAIT);
    }
}
