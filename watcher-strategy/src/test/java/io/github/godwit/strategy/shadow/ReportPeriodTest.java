package io.github.godwit.strategy.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportPeriodTest {

    private static final Instant NOW = Instant.parse("2026-12-15T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "90m, 2026-12-15T10:30:00Z",
        "24h, 2026-12-14T12:00:00Z",
        "7d, 2026-12-08T12:00:00Z",
        "2w, 2026-12-01T12:00:00Z",
        "2026-12-15T11:59:59Z, 2026-12-15T11:59:59Z",
        "' ', 2026-12-08T12:00:00Z"
    })
    void aTimeOrHowLongAgo(String text, Instant since) {
        assertThat(ReportPeriod.since(text, NOW)).isEqualTo(since);
    }

    @Test
    void withoutOneItIsAWeek() {
        assertThat(ReportPeriod.since(null, NOW)).isEqualTo(Instant.parse("2026-12-08T12:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "week", "-1d", "1234567d", "2026-13-01T00:00:00Z", "2026-12-15T12:00:01Z"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> ReportPeriod.since(text, NOW))
                .isInstanceOf(ServiceRefusal.class)
                .hasMessageStartingWith("since (" + text + ")");
    }
}
