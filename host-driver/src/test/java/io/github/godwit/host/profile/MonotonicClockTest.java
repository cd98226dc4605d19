package io.github.godwit.host.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MonotonicClockTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    @Test
    void aWallClockThatGoesBackIsNotFollowed() {
        Clock wall = mock();
        when(wall.instant()).thenReturn(NOON, NOON.minusSeconds(3600));
        MonotonicClock clock = new MonotonicClock(wall);

        Instant first = clock.instant();
        Instant second = clock.instant();

        assertThat(first).isBetween(NOON, NOON.plus(Duration.ofMinutes(1)));
        assertThat(second).isAfterOrEqualTo(first);
        assertThat(clock.micros()).isGreaterThanOrEqualTo(MonotonicClock.micros(second));
    }
}
