package io.github.godwit.host.nic;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.net.Keepers;
import io.github.godwit.host.nic.NetworkTracker.Counters;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkTrackerTest {

    @TempDir
    Path sysfs;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(2));
    private NetworkTracker tracker;

    @BeforeEach
    void startWithOneNic() throws IOException {
        counters("eth0", 1_000_000, 5_000_000);
        tracker = new NetworkTracker(sysfs, Duration.ofDays(1), nanos::get);
    }

    @AfterEach
    void stop() {
        tracker.close();
    }

    @Test
    void oneSampleGivesNoRate() {
        assertThat(tracker.traffic("eth0")).isEqualTo(Traffic.NONE);
    }

    @Test
    void theRateIsTheBytesBetweenTwoSamplesInBits() throws IOException {
        // 12.5 MB in one second is 100 Mbit/s, 2.5 MB is 20 Mbit/s.
        afterASecond("eth0", 13_500_000, 7_500_000);
        assertThat(tracker.traffic("eth0")).isEqualTo(megabits(100, 20));
    }

    @Test
    void theRateIsTheMeanOfTheLastFourSecondsEvenIfTheClockWraps() throws IOException {
        afterASecond("eth0", 101_000_000, 5_000_000);
        for (int second = 1; second <= 4; second++) {
            afterASecond("eth0", 101_000_000 + second * 1_250_000L, 5_000_000);
        }
        // The 100 MB of the first second are outside the window: 4 · 1.25 MB in 4 s.
        assertThat(tracker.traffic("eth0")).isEqualTo(megabits(10, 0));
    }

    @Test
    void aTapIsSeenFromItsVm() throws IOException {
        counters("tap1", 0, 0);
        tracker.sample();
        afterASecond("tap1", 1_250_000, 2_500_000);
        assertThat(tracker.traffic("tap1")).isEqualTo(megabits(10, 20));
        assertThat(tracker.vmTraffic(List.of("tap1"))).isEqualTo(megabits(20, 10));
        assertThat(tracker.vmCounters(List.of("tap1"))).contains(new Counters(2_500_000, 1_250_000));
    }

    @Test
    void aMacvtapHasTheDirectionsOfItsVmAlready() throws IOException {
        counters("macvtap0", 0, 0);
        Files.createDirectories(sysfs.resolve("class/net/macvtap0/macvtap/tap4"));
        tracker.sample();
        afterASecond("macvtap0", 1_250_000, 2_500_000);
        assertThat(tracker.vmTraffic(List.of("macvtap0"))).isEqualTo(megabits(10, 20));
        assertThat(tracker.vmCounters(List.of("macvtap0"))).contains(new Counters(1_250_000, 2_500_000));
    }

    @Test
    void theTapsOfAVmAreAddedUpAndThoseThatAreNotHereDoNotCount() throws IOException {
        counters("tap1", 0, 0);
        counters("tap2", 0, 0);
        tracker.sample();
        counters("tap1", 1_250_000, 2_500_000);
        afterASecond("tap2", 3_750_000, 5_000_000);
        // In: 20 + 40 Mbit/s; out: 10 + 30.
        assertThat(tracker.vmTraffic(List.of("tap1", "tap2", "tap9"))).isEqualTo(megabits(60, 40));
        assertThat(tracker.traffic(List.of("tap1", "tap2", "tap9"))).isEqualTo(megabits(40, 60));
        assertThat(tracker.vmTraffic(List.of())).isEqualTo(Traffic.NONE);
        assertThat(tracker.vmCounters(List.of("tap9"))).isEmpty();
        assertThat(tracker.counters("tap2")).contains(new Counters(3_750_000, 5_000_000));
    }

    @Test
    void anInterfaceThatDisappearsHasNoTrafficAndStartsAgainWhenItReappears() throws IOException {
        afterASecond("eth0", 13_500_000, 7_500_000);
        Path statistics = sysfs.resolve("class/net/eth0/statistics");
        Files.delete(statistics.resolve("tx_bytes"));
        tracker.sample();
        assertThat(tracker.traffic("eth0")).isEqualTo(Traffic.NONE);
        afterASecond("eth0", 99_000_000, 99_000_000);
        assertThat(tracker.traffic("eth0")).isEqualTo(Traffic.NONE);
        afterASecond("eth0", 100_250_000, 99_000_000);
        assertThat(tracker.traffic("eth0")).isEqualTo(megabits(10, 0));
    }

    @Test
    void aCounterThatDecreasesStartsANewWindow() throws IOException {
        afterASecond("eth0", 13_500_000, 7_500_000);
        afterASecond("eth0", 1_000, 2_000);
        assertThat(tracker.traffic("eth0")).isEqualTo(Traffic.NONE);
        afterASecond("eth0", 1_251_000, 2_000);
        assertThat(tracker.traffic("eth0")).isEqualTo(megabits(10, 0));
    }

    @Test
    void aFileThatIsNotAnInterfaceIsIgnored() throws IOException {
        Files.writeString(sysfs.resolve("class/net/bonding_masters"), "bond0\n");
        tracker.sample();
        assertThat(tracker.traffic("bonding_masters")).isEqualTo(Traffic.NONE);
    }

    @Test
    void itReadsPeriodically() throws Exception {
        try (NetworkTracker own = new NetworkTracker(sysfs, Duration.ofMillis(5), System::nanoTime)) {
            counters("eth0", 900_000_000, 5_000_000);
            assertThat(Keepers.becomesTrue(() -> own.traffic("eth0").in().bitsPerSecond() > 0, Duration.ofSeconds(10)))
                    .isTrue();
        }
    }

    private void afterASecond(String name, long received, long sent) throws IOException {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        counters(name, received, sent);
        tracker.sample();
    }

    private void counters(String name, long received, long sent) throws IOException {
        Path statistics =
                Files.createDirectories(sysfs.resolve("class/net").resolve(name).resolve("statistics"));
        replace(statistics.resolve("rx_bytes"), received);
        replace(statistics.resolve("tx_bytes"), sent);
    }

    /** Replaces the file atomically, so that the tracker never reads half a number. */
    private void replace(Path file, long counter) throws IOException {
        Path fresh = Files.writeString(sysfs.resolve("fresh"), counter + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Traffic megabits(double in, double out) {
        return new Traffic(Bandwidth.ofMegabits(in), Bandwidth.ofMegabits(out));
    }
}
