package io.github.godwit.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.lab.linux.LinuxWorkload;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One guest sends 100 Mbit/s and one receives 40 Mbit/s, of which 75 and 30 must be seen; the others have no expected rate. */
class SeenTrafficTest {

    private final SeenTraffic traffic = new SeenTraffic(Map.of(
            "NO", guest(LinuxWorkload.IPERF_OUT, "100mbit"),
            "NI", guest(LinuxWorkload.IPERF_IN, "40mbit"),
            "M", guest(LinuxWorkload.REDIS, "300"),
            "free", guest(LinuxWorkload.IPERF_OUT, "")));

    private static LinuxGuest guest(LinuxWorkload workload, String rate) {
        return new LinuxGuest(workload, "10.97.1.10", rate);
    }

    private static Traffic megabits(double in, double out) {
        return new Traffic(Bandwidth.ofMegabits(in), Bandwidth.ofMegabits(out));
    }

    private static Map<String, Traffic> reported(Traffic sender, Traffic receiver) {
        return Map.of("NO", sender, "NI", receiver, "M", Traffic.NONE, "free", Traffic.NONE);
    }

    @Test
    void threeQuartersOfEachExpectedRateAreSeen() {
        assertThat(traffic.missing(reported(megabits(0, 75), megabits(30, 0)))).isEmpty();
        assertThat(traffic.missing(reported(megabits(2, 74), megabits(40, 1))))
                .containsExactly("NO has 76 of 100 Mbit/s");
        assertThat(traffic.missing(reported(megabits(0, 20), megabits(29, 0))))
                .containsExactly("NI has 29 of 40 Mbit/s", "NO has 20 of 100 Mbit/s");
    }

    @Test
    void trafficInTheOtherDirectionDoesNotCount() {
        assertThat(traffic.missing(reported(megabits(100, 0), megabits(0, 40)))).hasSize(2);
    }

    @Test
    void aGuestThatIsElsewhereIsMissing() {
        assertThat(traffic.missing(Map.of("NO", megabits(0, 100), "NI", megabits(40, 0), "free", Traffic.NONE)))
                .containsExactly("M is not on the host");
    }

    @Test
    void isPolledUntilItIsSeen() throws InterruptedException {
        Iterator<Map<String, Traffic>> answers = List.of(
                        reported(Traffic.NONE, Traffic.NONE),
                        reported(megabits(0, 100), megabits(10, 0)),
                        reported(megabits(0, 100), megabits(40, 0)),
                        reported(Traffic.NONE, Traffic.NONE))
                .iterator();
        List<String> told = new ArrayList<>();
        traffic.await(answers::next, Duration.ofMinutes(1), told::add);
        assertThat(answers).toIterable().hasSize(1);
        assertThat(told).isEmpty();
    }

    @Test
    void whatIsMissingAtTheLimitIsTold() throws InterruptedException {
        List<String> told = new ArrayList<>();
        traffic.await(() -> reported(megabits(0, 20), megabits(40, 0)), Duration.ZERO, told::add);
        assertThat(told)
                .containsExactly(
                        "After 0 s the host driver does not see the traffic of all guests: NO has 20 of 100 Mbit/s.");
    }
}
