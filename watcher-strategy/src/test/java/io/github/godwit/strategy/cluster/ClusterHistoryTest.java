package io.github.godwit.strategy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.hotspot.HotspotDetector;
import io.github.godwit.model.hotspot.HotspotRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ClusterHistoryTest {

    private static final HotspotRule RULE = HotspotRule.DEFAULT;

    @Test
    void theSustainedLoadIsTheOneReachedInThreeOfFiveSamples() {
        // falling: 0.9 0.8 0.7 0.2 0.1, so the third largest is 0.7
        ClusterModel sustained = history(0.2, 0.9, 0.1, 0.8, 0.7).sustained(RULE);
        assertThat(sustained.host("h1").profile().cpuLoad()).isEqualTo(0.7);
        assertThat(sustained.vm("a").vcpuUse()).as("the VM uses as many cores").isEqualTo(0.7);
    }

    @Test
    void onlyTheNewestSamplesCount() {
        assertThat(history(1, 1, 1, 0.1, 0.2, 0.3, 0.4, 0.5)
                        .sustained(RULE)
                        .host("h1")
                        .profile()
                        .cpuLoad())
                .isEqualTo(0.3);
    }

    @Test
    void aHostIsHotExactlyWhenItsSustainedLoadIsOverTheThreshold() {
        Random random = new Random(20260301);
        HotspotDetector detector = new HotspotDetector(RULE);
        for (int i = 0; i < 500; i++) {
            ClusterHistory history = history(DoubleStream.generate(() -> random.nextInt(21) / 20.0)
                    .limit(5)
                    .toArray());
            boolean hot = detector.judge(history.window("h1", 5)).hot();
            double sustained = history.sustained(RULE).host("h1").profile().cpuLoad();
            assertThat(sustained > 0.75).as("%s", history.window("h1", 5)).isEqualTo(hot);
        }
    }

    @Test
    void aHostThatAnsweredInTooFewSamplesIsAnOmission() {
        ClusterModel without = DrawnCluster.draw("host h2");
        ClusterModel with = DrawnCluster.draw("host h1 cpu=0.9\n vm a cores=1\nhost h2");
        ClusterModel sustained = new ClusterHistory(List.of(without, without, without, with, with)).sustained(RULE);
        assertThat(sustained.hosts()).extracting(ClusterHost::name).containsExactly("h2");
        assertThat(sustained.vms()).isEmpty();
        assertThat(sustained.omissions())
                .containsExactly(
                        new Omission("host 'h1'", "It answered in 2 of 5 samples; at least 3 are needed to judge it."));
    }

    @Test
    void aNewVmCountsWithItsLargestSample() {
        ClusterModel before = DrawnCluster.draw("host h1\nhost h2\n vm a cores=4");
        ClusterModel arrived = DrawnCluster.draw("host h1\n vm a cores=2\nhost h2");
        ClusterModel idle = DrawnCluster.draw("host h1\n vm a cores=1\nhost h2");
        ClusterModel sustained = new ClusterHistory(List.of(before, before, before, arrived, idle)).sustained(RULE);
        assertThat(sustained.vm("a").vcpuUse()).as("4 was on another host").isEqualTo(2);
    }

    @Test
    void oneSampleIsEnoughIfTheRuleNeedsOne() {
        HotspotRule one = new HotspotRule(0.75, 0.75, 1, 1, Duration.ZERO);
        assertThat(history(0.4).sustained(one).host("h1").profile().cpuLoad()).isCloseTo(0.4, within(1e-9));
    }

    private static ClusterHistory history(double... loads) {
        List<ClusterModel> snapshots = new ArrayList<>();
        Arrays.stream(loads)
                .forEach(load ->
                        snapshots.add(DrawnCluster.draw("host h1 cpu=%s\n vm a cores=%s".formatted(load, load))));
        return new ClusterHistory(snapshots);
    }
}
