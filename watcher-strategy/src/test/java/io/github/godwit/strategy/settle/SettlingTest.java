package io.github.godwit.strategy.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.strategy.decide.Rests;
import io.github.godwit.strategy.settle.PastMove.End;
import io.github.godwit.strategy.settle.PastMove.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Minutes before now: 12:00. VMs rest for 30, hosts for 5, moves are not undone for 120, failures are passed over for 60. */
class SettlingTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static PastMove move(String vm, String from, String to, Purpose purpose, End end, double minutesAgo) {
        return new PastMove(
                vm,
                from,
                to,
                purpose,
                end,
                NOW.minusMillis(Math.round(60_000 * minutesAgo)),
                end == End.FAILED ? "Connection reset by peer." : null);
    }

    private static Rests rests(Purpose purpose, double oldestFigureMinutesAgo, PastMove... moves) {
        return new Settling(
                        SettleRule.DEFAULT,
                        new MoveHistory(Arrays.asList(moves)),
                        NOW.minusMillis(Math.round(60_000 * oldestFigureMinutesAgo)),
                        NOW)
                .rests(purpose);
    }

    @Test
    void withoutMovesNothingRests() {
        assertThat(rests(Purpose.RELIEF, 5)).isEqualTo(Rests.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 29.9, true", // the VM rests for 30 minutes
        "0, 30.1, false",
    })
    void aVmRestsAfterAMove(double oldestFigure, double ago, boolean rests) {
        PastMove move = move("db", "h1", "h2", Purpose.OTHER, End.MOVED, ago);
        assertThat(rests(Purpose.RELIEF, oldestFigure, move).vms().containsKey("db"))
                .isEqualTo(rests);
    }

    @Test
    void theReasonSaysSinceWhenAndUntilWhen() {
        Rests rests = rests(Purpose.RELIEF, 0, move("db", "h1", "h2", Purpose.RELIEF, End.MOVED, 10));
        assertThat(rests.vms()).containsEntry("db", "rests until 2026-03-01T12:20:00Z after its move from h1");
        assertThat(rests.returns().get("db"))
                .containsEntry("h1", "left h1 at 2026-03-01T11:50:00Z and does not return until 2026-03-01T13:50:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "4.9, 0, MOVED, true", // for five minutes in any case
        "5.1, 0, MOVED, false",
        "14, 15, MOVED, true", // a query over 15 minutes has figures from before the move
        "16, 15, MOVED, false",
        "500, 0, RUNS, true", // while the VM is on its way
        "1, 5, FAILED, false", // a failed move changes no load
    })
    void aHostIsNotJudgedByFiguresThatAreOlderThanItsLastMove(
            double ago, double oldestFigure, End end, boolean unjudged) {
        PastMove move = move("db", "h1", "h2", Purpose.OTHER, end, ago);
        Rests rests = rests(Purpose.RELIEF, oldestFigure, move);
        for (String host : List.of("h1", "h2")) {
            assertThat(rests.judged().containsKey(host)).as(host).isEqualTo(unjudged);
        }
        assertThat(rests.judged()).doesNotContainKey("h3");
    }

    @Test
    void theReasonForAHostNamesTheMove() {
        Rests rests = rests(Purpose.RELIEF, 5, move("db", "h1", "h2", Purpose.RELIEF, End.MOVED, 2));
        assertThat(rests.judged())
                .isEqualTo(
                        Map.of(
                                "h1",
                                "rests until 2026-03-01T12:03:00Z because db left at 2026-03-01T11:58:00Z: a part of its figures is older",
                                "h2",
                                "rests until 2026-03-01T12:03:00Z because db came at 2026-03-01T11:58:00Z: a part of its figures is older"));
        assertThat(rests(Purpose.RELIEF, 0, move("db", "h1", "h2", Purpose.RELIEF, End.RUNS, 0))
                        .judged())
                .containsEntry("h1", "rests while db leaves")
                .containsEntry("h2", "rests while db comes");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 59, true", // an hour after the first failure
        "1, 61, false",
        "2, 119, true", // two after the second
        "2, 121, false",
        "9, 1439, true", // a day at most
        "9, 1441, false",
    })
    void aVmWhoseMovesFailIsPassedOverEachTimeForLonger(int failures, double lastAgo, boolean passedOver) {
        PastMove[] moves = new PastMove[failures];
        for (int i = 0; i < failures; i++) {
            moves[i] = move("db", "h1", "h2", Purpose.RELIEF, End.FAILED, lastAgo + 100 * i);
        }
        assertThat(rests(Purpose.RELIEF, 0, moves).vms().containsKey("db")).isEqualTo(passedOver);
    }

    @Test
    void theReasonForAFailureIsThatOfTheMove() {
        PastMove last = move("db", "h1", "h2", Purpose.RELIEF, End.FAILED, 10);
        assertThat(rests(Purpose.RELIEF, 0, last).vms())
                .containsEntry(
                        "db",
                        "is passed over until 2026-03-01T12:50:00Z: its last move, to h2, failed (Connection reset by peer)");
        assertThat(rests(Purpose.RELIEF, 0, last, move("db", "h1", "h3", Purpose.RELIEF, End.FAILED, 20))
                        .vms())
                .containsEntry(
                        "db",
                        "is passed over until 2026-03-01T13:50:00Z: its last 2 moves failed (Connection reset by peer)");
    }

    @Test
    void aMoveThatSucceedsEndsARowOfFailures() {
        Rests rests = rests(
                Purpose.RELIEF,
                0,
                move("db", "h1", "h2", Purpose.RELIEF, End.FAILED, 50),
                move("db", "h1", "h3", Purpose.RELIEF, End.MOVED, 40));
        assertThat(rests.vms()).isEmpty();
    }

    /** One VM may fail by itself, so that only the second one accuses the host. */
    @Test
    void aHostAtWhichTwoVmsFailedIsPassedOver() {
        PastMove db = move("db", "h1", "h2", Purpose.RELIEF, End.FAILED, 10);
        PastMove again = move("db", "h1", "h2", Purpose.RELIEF, End.FAILED, 20);
        PastMove web = move("web", "h1", "h2", Purpose.RELIEF, End.FAILED, 30);
        PastMove arrived = move("web", "h1", "h2", Purpose.RELIEF, End.MOVED, 5);
        assertThat(rests(Purpose.RELIEF, 0, db, again).receiving()).isEmpty();
        assertThat(rests(Purpose.RELIEF, 0, db, web).receiving())
                .containsEntry(
                        "h2",
                        "is passed over until 2026-03-01T12:50:00Z: the last 2 moves to it failed (Connection reset by peer)");
        assertThat(rests(Purpose.RELIEF, 0, db, web, arrived).receiving()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"119, true", "121, false"})
    void packingDoesNotUndoRelief(double ago, boolean respected) {
        PastMove relief = move("db", "h1", "h2", Purpose.RELIEF, End.MOVED, ago);
        Rests packing = rests(Purpose.PACKING, 0, relief);
        assertThat(packing.receiving().containsKey("h1")).isEqualTo(respected);
        assertThat(packing.emptied().containsKey("h2")).isEqualTo(respected);
        Rests further = rests(Purpose.RELIEF, 0, relief);
        assertThat(further.receiving()).isEmpty();
        assertThat(further.emptied()).isEmpty();
    }

    @Test
    void reliefLeavesHostsEmptyThatPackingHasEmptied() {
        PastMove packing = move("db", "h1", "h2", Purpose.PACKING, End.MOVED, 300);
        assertThat(rests(Purpose.RELIEF, 0, packing).reserve()).containsExactly("h1");
        assertThat(rests(Purpose.PACKING, 0, packing).reserve()).isEmpty();
    }

    @Test
    void purposesFollowFromStrategies() {
        assertThat(List.of("hotspot_mitigation", "consolidation", "basic", "maintenance", "actuator", ""))
                .extracting(Purpose::of)
                .containsExactly(
                        Purpose.RELIEF, Purpose.PACKING, Purpose.PACKING, Purpose.OTHER, Purpose.OTHER, Purpose.OTHER);
    }

    @Test
    void timesOfZeroSwitchTheRestsOff() {
        SettleRule none = new SettleRule(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        MoveHistory history = new MoveHistory(List.of(
                move("db", "h1", "h2", Purpose.RELIEF, End.MOVED, 1),
                move("web", "h1", "h2", Purpose.RELIEF, End.FAILED, 1),
                move("app", "h1", "h2", Purpose.RELIEF, End.FAILED, 1)));
        assertThat(new Settling(none, history, NOW, NOW).rests(Purpose.PACKING)).isEqualTo(Rests.NONE);
    }

    @Test
    void negativeTimesAreRefused() {
        Duration negative = Duration.ofSeconds(-1);
        assertThatThrownBy(() -> new SettleRule(negative, Duration.ZERO, Duration.ZERO, Duration.ZERO))
                .hasMessage("The vmRest (PT-1S) must not be negative.");
    }

    @Test
    void aRetryTimeBeyondADayIsKept() {
        Duration week = Duration.ofDays(7);
        SettleRule rule = new SettleRule(Duration.ZERO, Duration.ZERO, Duration.ZERO, week);
        assertThat(rule.retryAfter(3)).isEqualTo(week);
        assertThat(rule.horizon()).isEqualTo(week);
    }
}
