package io.github.godwit.host.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.Heartbeats;
import org.junit.jupiter.api.Test;

class HeartbeatContinuityTest {

    /** 100 heartbeats, one every 2 ms with one gap of 9 ms; the last one has number 254. */
    private static final Heartbeats SOURCE = new Heartbeats(100, 1_000, 206_000, 9_000, 155, 254);

    @Test
    void aGuestThatContinuesToCountLostNoHeartbeats() {
        Heartbeats destination = new Heartbeats(50, 256_000, 356_000, 3_000, 255, 48);

        assertThat(HeartbeatContinuity.across(SOURCE, destination)).isEqualTo(new HeartbeatContinuity(50_000, 0, 0));
    }

    @Test
    void aCounterThatSkipsMeansLostHeartbeatsEvenIfItWraps() {
        // 255, 0 and 1 are missing.
        Heartbeats destination = new Heartbeats(50, 256_000, 356_000, 3_000, 2, 51);

        assertThat(HeartbeatContinuity.across(SOURCE, destination)).isEqualTo(new HeartbeatContinuity(50_000, 3, 0));
    }

    @Test
    void aCounterThatStepsBackMeansRepeatedHeartbeats() {
        // 253 and 254 are repeated.
        Heartbeats destination = new Heartbeats(50, 256_000, 356_000, 3_000, 253, 46);

        assertThat(HeartbeatContinuity.across(SOURCE, destination)).isEqualTo(new HeartbeatContinuity(50_000, 0, 2));
    }

    @Test
    void theLongestGapMayBeOutsideTheSwitchover() {
        Heartbeats destination = new Heartbeats(50, 208_000, 508_000, 70_000, 255, 48);

        assertThat(HeartbeatContinuity.across(SOURCE, destination).longestGapMicros())
                .isEqualTo(70_000);
    }

    @Test
    void withoutHeartbeatsOnOneSideTheOthersGapCounts() {
        assertThat(HeartbeatContinuity.across(SOURCE, Heartbeats.NONE)).isEqualTo(new HeartbeatContinuity(9_000, 0, 0));
        assertThat(HeartbeatContinuity.across(Heartbeats.NONE, Heartbeats.NONE)).isEqualTo(HeartbeatContinuity.UNKNOWN);
    }
}
