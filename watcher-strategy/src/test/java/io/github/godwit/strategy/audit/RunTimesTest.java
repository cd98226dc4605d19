package io.github.godwit.strategy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.objects.Audit;
import io.github.godwit.strategy.objects.AuditState;
import io.github.godwit.strategy.objects.AuditType;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of cases: what an audit does at a time of a clock that is set. All times are of 1 March 2026 unless they have a date. */
class RunTimesTest {

    /** Since when the instance is there, where the case does not say. */
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    private static Instant time(String text) {
        if (text == null) {
            return null;
        }
        return Instant.parse(text.contains("T") ? text : "2026-03-01T%sZ".formatted(text));
    }

    private static Audit audit(AuditState state, String interval, String slot, String start, String end) {
        return new Audit(
                1,
                UUID.randomUUID(),
                "a",
                AuditType.CONTINUOUS,
                state,
                "dummy",
                "dummy",
                JsonNodeFactory.instance.objectNode(),
                interval,
                JsonNodeFactory.instance.arrayNode(),
                false,
                false,
                time(slot),
                time(start),
                time(end),
                null,
                null,
                LONG_AGO,
                null);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // case,                                      interval,    slot,     start,    end,      since,    now,
        // what,   slot
        "a new interval runs at once,                 300,         ,         ,         ,         ,         12:00:00, RUNS,   12:00:00",
        "a new interval waits for its start,          300,         ,         13:00:00, ,         ,         12:00:00, WAITS,  13:00:00",
        "a new cron waits for its time,               30 13 * * *, ,         ,         ,         ,         12:00:00, WAITS,  13:30:00",
        "a start at a slot is a slot,                 30 13 * * *, ,         13:30:00, ,         ,         12:00:00, WAITS,  13:30:00",
        "a start after a slot waits for the next,     30 13 * * *, ,         13:30:01, ,         ,         12:00:00, WAITS,  2026-03-02T13:30:00Z",
        "on time,                                     300,         12:00:00, ,         ,         ,         12:00:00, RUNS,   12:00:00",
        "a little late,                               300,         12:00:00, ,         ,         ,         12:04:59, RUNS,   12:00:00",
        "too late,                                    300,         12:00:00, ,         ,         ,         12:05:01, MISSED, 12:10:00",
        "a cron too late waits for its next time,     0 2 * * *,   02:00:00, ,         ,         ,         12:00:00, MISSED, 2026-03-02T02:00:00Z",
        "down over a slot: cron,                      0 * * * *,   12:00:00, ,         ,         12:00:20, 12:00:21, MISSED, 13:00:00",
        "down over a slot: interval,                  300,         12:00:00, ,         ,         12:00:20, 12:00:21, MISSED, 12:05:00",
        "down over many slots,                        300,         09:58:00, ,         ,         12:00:20, 12:00:21, MISSED, 12:03:00",
        "up again before the slot,                    300,         12:00:00, ,         ,         11:59:59, 12:00:00, RUNS,   12:00:00",
        "the clock was put back by an hour,           300,         13:00:00, ,         ,         ,         12:00:00, WAITS,  12:05:00",
        "the clock was put back by years,             0 2 * * *,   2031-03-01T02:00:00Z, , ,     ,         12:00:00, WAITS,  2026-03-02T02:00:00Z",
        "the clock was put forward by a day,          300,         12:00:00, ,         ,         ,         2026-03-02T12:00:01Z, MISSED, 2026-03-02T12:05:00Z",
        "before the end,                              300,         12:00:00, ,         12:00:01, ,         12:00:00, RUNS,   12:00:00",
        "at the end nothing runs,                     300,         12:00:00, ,         12:00:00, ,         12:00:00, OVER,   12:00:00",
        "after the end,                               0 2 * * *,   02:00:00, ,         11:00:00, ,         12:00:00, OVER,   11:00:00",
        "leap day,                                    0 0 29 2 *,  ,         ,         ,         ,         12:00:00, WAITS,  2028-02-29T00:00:00Z",
        "13th or Friday as in cron,                   0 0 13 * 5,  ,         ,         ,         ,         12:00:00, WAITS,  2026-03-06T00:00:00Z"
    })
    void whatAnAuditDoes(
            String name,
            String interval,
            String slot,
            String start,
            String end,
            String since,
            String now,
            RunTimes.Kind kind,
            String then) {
        AuditState state = slot == null ? AuditState.PENDING : AuditState.ONGOING;
        Instant there = since == null ? LONG_AGO : time(since);
        assertThat(RunTimes.due(audit(state, interval, slot, start, end), time(now), there))
                .isEqualTo(new RunTimes.Due(kind, time(then)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // case,                                     interval,    ran,      ended,    next
        "quick,                                      300,         12:00:00, 12:00:02, 12:05:00",
        "exactly as long as its interval,            300,         12:00:00, 12:05:00, 12:10:00",
        "longer than its interval,                   60,          12:00:00, 12:04:10, 12:05:00",
        "a cron that it outlasts,                    */5 * * * *, 12:00:00, 12:07:00, 12:10:00",
        "begun late keeps the row,                   300,         12:00:00, 12:04:00, 12:05:00",
        "ended after the clock was put back,         300,         12:00:00, 11:00:00, 11:05:00"
    })
    void anAuditThatOutlastsItsIntervalWaitsForTheNextSlot(
            String name, String interval, String ran, String ended, String next) {
        Audit audit = audit(AuditState.ONGOING, interval, ran, null, null);
        assertThat(RunTimes.after(audit, time(ran), time(ended))).isEqualTo(time(next));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // case,                           state,     interval,  slot,                 start,    then: interval, start,
        // now, next
        "shorter: at once if it is due,    ONGOING,   86400,     2026-03-02T02:00:00Z, ,         20,        ,         12:00:00, 12:00:00",
        "shorter: from the last slot,      ONGOING,   86400,     2026-03-02T11:59:50Z, ,         20,        ,         12:00:00, 12:00:10",
        "longer: from the last slot,       ONGOING,   300,       12:05:00,             ,         600,       ,         12:01:00, 12:10:00",
        "seconds to cron,                  ONGOING,   300,       12:05:00,             ,         0 2 * * *, ,         12:01:00, 2026-03-02T02:00:00Z",
        "cron to seconds: at once,         ONGOING,   0 2 * * *, 2026-03-02T02:00:00Z, ,         300,       ,         12:01:00, 12:01:00",
        "cron resumed: next time,          SUSPENDED, 0 2 * * *, 02:00:00,             ,         0 2 * * *, ,         12:00:00, 2026-03-02T02:00:00Z",
        "seconds resumed: next slot,       SUSPENDED, 300,       09:58:00,             ,         300,       ,         12:00:00, 12:03:00",
        "resumed before its slot,          SUSPENDED, 300,       12:03:00,             ,         300,       ,         12:00:00, 12:03:00",
        "resumed before it ever ran,       SUSPENDED, 0 2 * * *, ,                     ,         0 2 * * *, ,         12:00:00, 2026-03-02T02:00:00Z",
        "a pending cron set ONGOING,       PENDING,   0 2 * * *, 2026-03-02T02:00:00Z, ,         0 2 * * *, ,         12:00:00, 2026-03-02T02:00:00Z",
        "a later start,                    ONGOING,   300,       12:05:00,             ,         300,       18:00:00, 12:01:00, 18:00:00",
        "an earlier start of a new audit,  PENDING,   300,       18:00:00,             18:00:00, 300,       13:00:00, 12:00:00, 13:00:00",
        "no start any more,                PENDING,   300,       18:00:00,             18:00:00, 300,       ,         12:00:00, 12:00:00"
    })
    void aChangeHoldsAtOnceAndAResumedAuditWaitsForItsNextSlot(
            String name,
            AuditState state,
            String interval,
            String slot,
            String start,
            String newInterval,
            String newStart,
            String now,
            String next) {
        Audit before = audit(state, interval, slot, start, null);
        Audit after = audit(AuditState.ONGOING, newInterval, slot, newStart, null);
        assertThat(RunTimes.changed(before, after, time(now))).isEqualTo(time(next));
    }

    /** The days on which the clocks of Berlin, New York and Lord Howe change in 2026, and a leap day. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-28",
                "2026-03-29",
                "2026-10-24",
                "2026-10-25",
                "2026-03-07",
                "2026-03-08",
                "2026-10-31",
                "2026-11-01",
                "2026-04-04",
                "2026-04-05",
                "2026-10-03",
                "2026-10-04",
                "2028-02-28",
                "2028-02-29",
                "2026-12-31"
            })
    void aDailyAuditRunsEvery24HoursWhateverClocksOfTheLocationDo(String day) {
        Instant slot = Instant.parse(day + "T02:30:00Z");
        Audit audit = audit(AuditState.ONGOING, "30 2 * * *", slot.toString(), null, null);
        assertThat(RunTimes.after(audit, slot, slot.plusSeconds(5))).isEqualTo(slot.plusSeconds(86_400));
    }

    @ParameterizedTest
    @CsvSource({
        "0 2 * * *, 2026-03-01T03:00:00Z, 2026-03-01T12:00:00Z",
        "300,       2026-03-01T13:00:00Z, 2026-03-01T13:00:00Z"
    })
    void anAuditWithoutASlotBeforeItsEndIsRefused(String interval, String start, String end) {
        Audit audit = audit(AuditState.PENDING, interval, null, start, end);
        assertThatThrownBy(() -> RunTimes.first(audit, time("01:00:00")))
                .hasMessageContaining("would never run")
                .hasMessageContaining(interval)
                .hasMessageContaining(end);
    }

    @ParameterizedTest
    @CsvSource({"12:00:00, 12:05:00, 12:00:00", ", 12:05:00, 12:05:00"})
    void somebodyLooksAtTheSlotOrAtTheEnd(String end, String slot, String look) {
        Audit audit = audit(AuditState.ONGOING, "300", slot, null, end);
        assertThat(RunTimes.wake(audit, time(slot))).isEqualTo(time(look));
    }
}
