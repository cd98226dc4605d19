package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** How much memory a process may lock. */
class LockedMemoryTest {

    private static final String USER = "Name:\tqemu\nCapEff:\t0000000000000000\n";
    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max locked memory         %s              unlimited            bytes
            """;

    private static boolean permits(String soft, String status) {
        return LockedMemory.permits(LIMITS.formatted(soft), status, 8_388_608);
    }

    @Test
    void theSoftLimitCounts() {
        assertThat(permits("8388608", USER)).isTrue();
        assertThat(permits("8388607", USER)).isFalse();
        assertThat(permits("unlimited", USER)).isTrue();
    }

    @Test
    void noLimitHoldsForAProcessWithCapIpcLock() {
        assertThat(permits("0", "CapEff:\t0000000000004000\n")).isTrue();
        assertThat(permits("0", "CapEff:\t000001ffffffffff\n")).isTrue();
        assertThat(permits("0", "CapEff:\t0000000000003fff\n")).isFalse();
    }

    @Test
    void aProcessThatHasEndedMayNotLockAny() {
        assertThat(LockedMemory.permits(Path.of("/proc/0"), 0)).isFalse();
        assertThat(LockedMemory.permits(Path.of("/proc/self"), 0)).isTrue();
    }
}
