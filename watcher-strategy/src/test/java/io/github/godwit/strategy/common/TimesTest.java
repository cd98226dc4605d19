package io.github.godwit.strategy.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    private static final Instant NOW = Instant.parse("2026-12-15T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "90m, 2026-12-15T10:30:00Z",
        "24h, 2026-12-14T12:00:00Z",
        "' 7d ', 2026-12-08T12:00:00Z",
        "2w, 2026-12-01T12:00:00Z",
        "2026-12-15T11:59:59Z, 2026-12-15T11:59:59Z",
        "2026-12-15 11:59:59, 2026-12-15T11:59:59Z"
    })
    void aTimeOrHowLongAgo(String text, Instant since) {
        assertThat(Times.since("since", text, NOW)).isEqualTo(since);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "week", "-1d", "1234567d", "999999d", "2026-13-01T00:00:00Z", "1969-12-31T00:00:00"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Times.since("since", text, NOW))
                .isInstanceOf(ServiceRefusal.class)
                .hasMessageStartingWith("Invalid input for field/attribute since. Value: '" + text + "'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7d", "tomorrow", "12026-01-01T00:00:00"})
    void whereATimeIsWantedNothingElseWillDo(String text) {
        assertThatThrownBy(() -> Times.parse("start_time", text)).isInstanceOf(ServiceRefusal.class);
    }
}
