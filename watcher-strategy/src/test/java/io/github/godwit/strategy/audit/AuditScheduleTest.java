package io.github.godwit.strategy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditScheduleTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "90, 2026-03-01T12:01:30Z",
        "*/5 * * * *, 2026-03-01T12:05:00Z",
        "30 2 * * *, 2026-03-02T02:30:00Z",
        "0 0 1 * *, 2026-04-01T00:00:00Z",
        "0 0 31 * *, 2026-03-31T00:00:00Z",
        "0 0 29 2 *, 2028-02-29T00:00:00Z"
    })
    void theNextRunFollows(String interval, Instant next) {
        assertThat(AuditSchedule.parse(interval).slotAfter(NOON, NOON)).isEqualTo(next);
        assertThat(AuditSchedule.parse(interval).slotAfter(NOON, NOON.plusMillis(1)))
                .isEqualTo(next);
    }

    @Test
    void anIntervalStartsAtOnceAndACronExpressionAtItsNextTime() {
        assertThat(AuditSchedule.parse("90").firstFrom(NOON)).isEqualTo(NOON);
        assertThat(AuditSchedule.parse("30 13 * * *").firstFrom(NOON)).isEqualTo(Instant.parse("2026-03-01T13:30:00Z"));
        assertThat(AuditSchedule.parse("0 12 * * *").firstFrom(NOON)).isEqualTo(NOON);
        assertThat(AuditSchedule.parse("0 12 * * *").firstFrom(NOON.plusMillis(1)))
                .isEqualTo(Instant.parse("2026-03-02T12:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "often", "* * *", "61 * * * *", "99999999999999999999", "*/0 * * * *"})
    void otherTextIsRefused(String interval) {
        assertThatThrownBy(() -> AuditSchedule.parse(interval))
                .hasMessage("Expected an interval or cron syntax but received " + interval);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 2 30 2 *", "0 0 31 4 *", "0 0 31 2,4,6,9,11 *", "* * 30-31 2 *"})
    void anExpressionThatNeverOccursIsRefused(String interval) {
        assertThatThrownBy(() -> AuditSchedule.parse(interval))
                .hasMessage("The cron expression '%s' never occurs. Choose a day that its months have."
                        .formatted(interval));
    }
}
