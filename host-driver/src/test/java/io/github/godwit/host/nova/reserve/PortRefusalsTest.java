package io.github.godwit.host.nova.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.PortRefusal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How long a destination is asked for no port. */
class PortRefusalsTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private Instant now = START;
    private final PortRefusals refusals = new PortRefusals(() -> now);

    private void after(Duration time) {
        now = now.plus(time);
    }

    @Test
    void aDestinationThatRefusedIsNotAskedForAnHour() {
        assertThat(refusals.permits("there")).isTrue();
        refusals.remember("there", "port 49301 of 10.0.0.2 cannot be reached: Connection refused");
        after(Duration.ofSeconds(3599));
        assertThat(refusals.permits("there")).isFalse();
        assertThat(refusals.permits("elsewhere")).isTrue();
        assertThat(refusals.inEffect())
                .containsExactly(new PortRefusal(
                        "there",
                        "port 49301 of 10.0.0.2 cannot be reached: Connection refused",
                        START,
                        START.plusSeconds(3600),
                        1));
        after(Duration.ofSeconds(1));
        assertThat(refusals.permits("there")).isTrue();
        assertThat(refusals.inEffect()).isEmpty();
    }

    @Test
    void eachFurtherRefusalHoldsTwiceAsLongUntilAMigrationGoesByAPort() {
        refusals.remember("there", "no");
        assertThat(refusals.remember("there", "no").until()).isEqualTo(START.plus(Duration.ofHours(2)));
        refusals.succeeded("there");
        assertThat(refusals.permits("there")).isTrue();
        assertThat(refusals.remember("there", "no").until()).isEqualTo(START.plus(Duration.ofHours(1)));
    }

    @Test
    void theLatestRefusalIsTheFirst() {
        refusals.remember("one", "no");
        after(Duration.ofMinutes(1));
        refusals.remember("two", "no");
        assertThat(refusals.inEffect()).extracting(PortRefusal::destination).containsExactly("two", "one");
    }
}
