package io.github.godwit.model.hotspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HotspotDetectorTest {

    private final HotspotDetector detector = new HotspotDetector(HotspotRule.DEFAULT);

    @Test
    void theDefaultsAreThoseOfThePaper() {
        assertThat(HotspotRule.DEFAULT).isEqualTo(new HotspotRule(0.75, 0.75, 3, 5, Duration.ofMinutes(1)));
    }

    @Test
    void threeBusySamplesOfFiveMakeAHostHot() {
        HotspotDetector.Verdict verdict = detector.judge(cpu(0.8, 0.2, 0.9, 0.3, 0.76));
        assertThat(verdict.cpuHot()).isTrue();
        assertThat(verdict.memoryHot()).isFalse();
        assertThat(verdict.evidence()).isEqualTo("CPU over 75 % in 3 of 5 samples");
    }

    @Test
    void twoBusySamplesDoNot() {
        assertThat(detector.judge(cpu(1, 0.2, 1, 0.3, 0.1)).hot()).isFalse();
    }

    @Test
    void aLoadOnTheThresholdIsNotOverIt() {
        assertThat(detector.judge(cpu(0.75, 0.75, 0.75, 0.75, 0.75)).hot()).isFalse();
    }

    @Test
    void onlyTheNewestFiveCount() {
        assertThat(detector.judge(cpu(1, 1, 1, 0.1, 0.1, 0.1)).hot()).isFalse();
        assertThat(detector.judge(cpu(0.1, 0.1, 0.1, 1, 1, 1)).hot()).isTrue();
    }

    @Test
    void memoryCountsByItself() {
        SampleWindow window = SampleWindow.empty(5)
                .with(new LoadSample(0.9, 0.1))
                .with(new LoadSample(0.9, 0.9))
                .with(new LoadSample(0.1, 0.9))
                .with(new LoadSample(0.1, 0.9));
        HotspotDetector.Verdict verdict = detector.judge(window);
        assertThat(verdict.cpuHot()).as("CPU was over in 2 only").isFalse();
        assertThat(verdict.memoryHot()).isTrue();
        assertThat(verdict.evidence()).isEqualTo("memory over 75 % in 3 of 4 samples");
    }

    @Test
    void aHostThatWasHardlySeenIsNotHot() {
        assertThat(detector.judge(cpu(1, 1)).hot()).isFalse();
        assertThat(detector.judge(SampleWindow.empty(5)).hot()).isFalse();
    }

    @Test
    void aRuleThatCannotBeMetIsRefused() {
        assertThatThrownBy(() -> new HotspotRule(0.75, 0.75, 6, 5, Duration.ZERO))
                .hasMessageContaining("hot samples (6) must be from 1 to the 5");
        assertThatThrownBy(() -> new HotspotRule(1.5, 0.75, 3, 5, Duration.ZERO))
                .hasMessageContaining("cpuThreshold (1.5)");
        assertThatThrownBy(() -> new HotspotRule(0.75, -1, 3, 5, Duration.ZERO))
                .hasMessageContaining("memoryThreshold (-1.0)");
        assertThatThrownBy(() -> new HotspotRule(0.75, 0.75, 1, 0, Duration.ZERO))
                .hasMessageContaining("samples (0)");
        assertThatThrownBy(() -> new HotspotRule(0.75, 0.75, 3, 5, Duration.ofSeconds(-1)))
                .hasMessageContaining("sampleInterval");
    }

    private static SampleWindow cpu(double... loads) {
        SampleWindow window = SampleWindow.empty(5);
        for (double load : loads) {
            window = window.with(new LoadSample(load, 0.3));
        }
        return window;
    }
}
