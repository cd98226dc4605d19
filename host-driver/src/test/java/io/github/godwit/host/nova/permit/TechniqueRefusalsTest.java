package io.github.godwit.host.nova.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.godwit.hostapi.TechniqueRefusal;
import io.github.godwit.model.technique.Technique;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What libvirt has refused is left out for a while. */
class TechniqueRefusalsTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final Clock clock = mock();
    private final TechniqueRefusals refusals = new TechniqueRefusals(clock);

    @BeforeEach
    void noon() {
        when(clock.instant()).thenReturn(NOON);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "4, 8", "5, 16", "6, 24", "7, 24", "1000, 24"})
    void thePauseDoublesUpToADay(int times, int hours) {
        assertThat(TechniqueRefusals.pause(times)).isEqualTo(Duration.ofHours(hours));
    }

    @Test
    void aRefusalHoldsForItsWayUntilItsPauseIsOver() {
        refusals.remember(Technique.POST_COPY_PREEMPT, "h2", "Userfaultfd not available");

        assertThat(refusals.inEffect())
                .containsExactly(new TechniqueRefusal(
                        Technique.POST_COPY_PREEMPT,
                        "h2",
                        "Userfaultfd not available",
                        NOON,
                        NOON.plus(Duration.ofHours(1)),
                        1));
        when(clock.instant()).thenReturn(NOON.plus(Duration.ofHours(1)));
        assertThat(refusals.inEffect()).isEmpty();
    }

    @Test
    void anotherRefusalAfterThePauseHoldsTwiceAsLong() {
        refusals.remember(Technique.ZSTD, "h2", "no");
        refusals.remember(Technique.ZSTD, "h3", "no");
        when(clock.instant()).thenReturn(NOON.plus(Duration.ofHours(1)));

        TechniqueRefusal again =
                refusals.remember(Technique.ZSTD, "h2", "no again").orElseThrow();

        assertThat(again.times()).isEqualTo(2);
        assertThat(again.until()).isEqualTo(NOON.plus(Duration.ofHours(3)));
        assertThat(refusals.inEffect()).containsExactly(again);
    }

    @Test
    void aSuccessClearsIt() {
        refusals.remember(Technique.ZSTD, "h2", "no");
        refusals.succeeded(Technique.ZSTD, "h3");
        assertThat(refusals.inEffect()).hasSize(1);
        refusals.succeeded(Technique.ZSTD, "h2");
        assertThat(refusals.inEffect()).isEmpty();
        assertThat(refusals.remember(Technique.ZSTD, "h2", "no"))
                .hasValueSatisfying(kept -> assertThat(kept.times()).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "operation failed: job 'migration out' failed: Unable to read from socket: Connection reset by peer",
                "operation failed: migration out job: unexpectedly failed: Broken pipe",
                "operation failed: Failed to connect to remote libvirt URI: No route to host",
            })
    void aConnectionThatIsLostOnceShowsNothing(String words) {
        assertThat(refusals.remember(Technique.XBZRLE, "h2", words)).isEmpty();
        assertThat(refusals.inEffect()).isEmpty();
        assertThat(refusals.remember(Technique.XBZRLE, "h3", words)).isEmpty();

        assertThat(refusals.remember(Technique.XBZRLE, "h2", words)).isPresent();

        assertThat(refusals.inEffect())
                .singleElement()
                .satisfies(kept -> assertThat(kept.destination()).isEqualTo("h2"));
    }

    @Test
    void aSuccessClearsTheLostConnectionToo() {
        refusals.remember(Technique.XBZRLE, "h2", "Connection reset by peer");
        refusals.succeeded(Technique.XBZRLE, "h2");
        assertThat(refusals.remember(Technique.XBZRLE, "h2", "Connection reset by peer"))
                .isEmpty();
    }
}
