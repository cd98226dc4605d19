package io.github.godwit.host.migrate.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.qemu.OrphanedMigrations.Verdict;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.model.technique.MigrationTuning;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        "postcopy-active, WAIT, WAIT",
        "postcopy-paused, WAIT, WAIT"
    })
    void qemusStatusAndTheTimeLimitDecide(String status, Verdict inTime, Verdict late) {
        MigrationInfo info = new MigrationInfo(status, -1, new Progress(0, 0, 0, 0, 0, 0), 0, null);
        assertThat(OrphanedMigrations.verdict(info, LIMIT)).isEqualTo(inTime);
        assertThat(OrphanedMigrations.verdict(info, LIMIT.plusNanos(1))).isEqualTo(late);
    }
}
