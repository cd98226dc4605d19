package io.github.godwit.lab.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.model.unit.MemorySize;
import org.junit.jupiter.api.Test;

class GuestWorkloadTest {

    private static GuestWorkload workload(String touched, String workingSet, double entropy, int change, double cpu) {
        return new GuestWorkload(
                MemorySize.parse(touched),
                MemorySize.parse(workingSet),
                MemorySize.parse("60M"),
                Pattern.RANDOM,
                entropy,
                change,
                cpu);
    }

    /** 60 MiB/s are 61,440 KiB/s; shares are given in per mille. */
    @Test
    void theKernelCommandLineIsInTheUnitsOfTheGuest() {
        assertThat(workload("256M", "64M", 0.5, 64, 0.7).kernelArguments(9))
                .isEqualTo("touched=256 ws=64 dirty=61440 pattern=random entropy=500 change=64 cpu=700 seed=9");
    }

    @Test
    void aWorkingSetLargerThanTheTouchedMemoryIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> workload("64M", "65M", 0.5, 64, 0.1))
                .withMessageContaining("65M")
                .withMessageContaining("64M");
    }

    @Test
    void valuesOutOfTheirRangesAreRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> workload("64M", "16M", 1.1, 64, 0.1))
                .withMessageContaining("entropy");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> workload("64M", "16M", 0.5, 0, 0.1))
                .withMessageContaining("changed bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> workload("64M", "16M", 0.5, 64, -0.1))
                .withMessageContaining("cpu");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> workload("100K", "4K", 0.5, 64, 0.1))
                .withMessageContaining("whole MiB");
    }

    @Test
    void anUnknownPatternIsReportedWithTheKnownOnes() {
        assertThat(Pattern.parse("HotSpot")).isEqualTo(Pattern.HOTSPOT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pattern.parse("zigzag"))
                .withMessageContaining("zigzag")
                .withMessageContaining("random, seq, hotspot");
    }
}
