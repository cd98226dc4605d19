package io.github.godwit.host.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.Heartbeats;
import org.junit.jupiter.api.Test;

class HeartbeatRingTest {

    private final HeartbeatRing ring = new HeartbeatRing(4);

    @Test
    void withoutHeartbeatsTheResultIsNone() {
        ring.add(new byte[0], 0, 1000);

        assertThat(ring.between(0, Long.MAX_VALUE)).isEqualTo(Heartbeats.NONE);
    }

    @Test
    void returnsCountEndsAndLongestGap() {
        beat(254, 1_000);
        beat(255, 3_000);
        beat(0, 8_000);

        assertThat(ring.between(0, Long.MAX_VALUE)).isEqualTo(new Heartbeats(3, 1_000, 8_000, 5_000, 254, 0));
    }

    @Test
    void bothEndsOfAnIntervalAreInclusive() {
        beat(1, 1_000);
        beat(2, 2_000);
        beat(3, 4_000);
        beat(4, 9_000);

        assertThat(ring.between(2_000, 4_000)).isEqualTo(new Heartbeats(2, 2_000, 4_000, 2_000, 2, 3));
    }

    @Test
    void heartbeatsOfOneReadHaveTheSameTime() {
        ring.add(new byte[] {7, 8, 9}, 3, 5_000);

        assertThat(ring.between(0, Long.MAX_VALUE)).isEqualTo(new Heartbeats(3, 5_000, 5_000, 0, 7, 9));
    }

    @Test
    void forgetsTheOldestWhenFull() {
        for (int i = 1; i <= 6; i++) {
            beat(i, i * 1_000L);
        }

        assertThat(ring.between(0, Long.MAX_VALUE)).isEqualTo(new Heartbeats(4, 3_000, 6_000, 1_000, 3, 6));
    }

    private void beat(int counter, long micros) {
        ring.add(new byte[] {(byte) counter}, 1, micros);
    }
}
