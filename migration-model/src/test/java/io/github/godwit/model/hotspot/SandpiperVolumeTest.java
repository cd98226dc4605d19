package io.github.godwit.model.hotspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import org.junit.jupiter.api.Test;

class SandpiperVolumeTest {

    private static final HostProfile HOST = new HostProfile(
            "h1",
            4,
            0.5,
            MemorySize.ofMebibytes(4096),
            0.75,
            Bandwidth.ofMegabits(1000),
            new Traffic(Bandwidth.ofMegabits(100), Bandwidth.ofMegabits(200)));

    @Test
    void nothingHasTheVolumeOne() {
        assertThat(SandpiperVolume.of(0, 0, 0).value()).isEqualTo(1);
    }

    @Test
    void theVolumeIsTheInverseOfTheProductOfWhatIsFree() {
        // 1 / (0.5 · 0.8 · 0.25) = 10
        assertThat(SandpiperVolume.of(0.5, 0.2, 0.75).value()).isCloseTo(10, within(1e-9));
    }

    @Test
    void aHostCountsTheBusierWayOfItsLink() {
        // in 0.1, out 0.2: the 10 of the test above
        assertThat(SandpiperVolume.of(HOST).value()).isCloseTo(10, within(1e-9));
    }

    @Test
    void aVmIsMeasuredAgainstItsHost() {
        // 2 of 4 cores, 500 of 1000 Mbit/s, 1024 of 4096 MiB: 1 / (0.5 · 0.5 · 0.75) = 16/3
        Traffic traffic = new Traffic(Bandwidth.ofMegabits(500), Bandwidth.ZERO);
        assertThat(SandpiperVolume.of(2, traffic, MemorySize.ofMebibytes(1024), HOST)
                        .value())
                .isCloseTo(16 / 3.0, within(1e-9));
    }

    @Test
    void aFullResourceIsClippedSoThatTheOthersStillTell() {
        // 1 / 0.01 = 100 and 1 / (0.01 · 0.5) = 200
        assertThat(SandpiperVolume.of(1, 0, 0).value()).isCloseTo(100, within(1e-9));
        assertThat(SandpiperVolume.of(1.2, 0, 0.5).value()).isCloseTo(200, within(1e-9));
        assertThat(SandpiperVolume.of(1, 0, 0.5)).isGreaterThan(SandpiperVolume.of(1, 0, 0));
    }

    @Test
    void aNegativeLoadIsRefused() {
        assertThatThrownBy(() -> SandpiperVolume.of(-0.1, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CPU load (-0.1)");
        assertThatThrownBy(() -> SandpiperVolume.of(0, Double.NaN, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
