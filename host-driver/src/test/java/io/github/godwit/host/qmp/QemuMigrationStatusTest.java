package io.github.godwit.host.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every MigrationStatus of every release of QEMU from 6.2 on. */
class QemuMigrationStatusTest {

    private static final Set<String> ENDS = Set.of("completed", "failed", "cancelled");
    private static final Set<String> ON_THE_DESTINATION =
            Set.of("postcopy-active", "postcopy-paused", "postcopy-recover-setup", "postcopy-recover");

    @ParameterizedTest
    @MethodSource("io.github.godwit.host.qmp.QemuRelease#statuses")
    void everyStatusOfEveryReleaseIsUnderstood(String status) {
        QemuMigrationStatus meaning = QemuMigrationStatus.of(status);

        assertThat(meaning).isNotEqualTo(QemuMigrationStatus.UNKNOWN);
        assertThat(meaning.qmpName()).isEqualTo(status);
        assertThat(meaning.isFinal()).isEqualTo(ENDS.contains(status));
        assertThat(meaning.inPostcopy()).isEqualTo(ON_THE_DESTINATION.contains(status));
    }

    @Test
    void noStatusIsMadeUp() {
        assertThat(Arrays.stream(QemuMigrationStatus.values())
                        .filter(status -> status != QemuMigrationStatus.UNKNOWN)
                        .map(QemuMigrationStatus::qmpName))
                .isSubsetOf(QemuRelease.statuses().toList());
    }

    @Test
    void aStatusThatALaterReleaseAddsIsThatOfAMigrationThatRuns() {
        QemuMigrationStatus later = QemuMigrationStatus.of(QemuRelease.OF_TOMORROW);

        assertThat(later).isEqualTo(QemuMigrationStatus.UNKNOWN).isEqualTo(QemuMigrationStatus.of("unknown"));
        assertThat(later.isFinal()).isFalse();
        assertThat(later.inPostcopy()).isFalse();
        assertThat(later.canBeCancelled()).as("it may be in post-copy").isFalse();
    }
}
