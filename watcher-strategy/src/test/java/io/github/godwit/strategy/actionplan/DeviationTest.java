package io.github.godwit.strategy.actionplan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.Action.Execution;
import io.github.godwit.strategy.objects.ActionState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A plan that began at 1000 s: "a" was to end after 10 s (8 to 12 s), and "b" is left, from 10 to 30 s. */
class DeviationTest {

    private static final Instant BEGAN = Instant.ofEpochSecond(1000);
    private static final Action LEFT = action("b", ActionState.PENDING, null, 10, 30);

    private static Action action(String vm, ActionState state, Double ended, double start, double end) {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("resource_id", vm);
        parameters.withObject("/schedule/start").put("value", start);
        parameters
                .withObject("/schedule/end")
                .put("value", end)
                .put("low", end - 2)
                .put("high", end + 2);
        return new Action(
                1,
                UUID.randomUUID(),
                UUID.randomUUID(),
                "migrate",
                state,
                List.of(),
                "",
                parameters,
                null,
                null,
                BEGAN,
                null,
                ended == null ? Execution.NONE : Execution.between(BEGAN, at(ended)));
    }

    private static Instant at(double seconds) {
        return BEGAN.plusMillis(Math.round(1e3 * seconds));
    }

    /** The same migration, which was ready and began at other times, and maybe was taken over. */
    private static Action waited(Action action, Double ready, double started, boolean takenOver) {
        return new Action(
                1,
                action.uuid(),
                action.planUuid(),
                action.type(),
                action.state(),
                action.parents(),
                "",
                action.parameters(),
                null,
                null,
                BEGAN,
                null,
                new Execution(
                        ready == null ? null : at(ready), false, at(started), action.endedAt(), null, takenOver, null));
    }

    private static Optional<String> of(Action ended, Action... others) {
        return Deviation.of(
                ended,
                java.util.stream.Stream.concat(java.util.stream.Stream.of(ended), List.of(others).stream())
                        .toList(),
                BEGAN);
    }

    @Test
    void anEndWithinItsIntervalChangesNothing() {
        assertThat(of(action("a", ActionState.SUCCEEDED, 11.9, 0, 10), LEFT)).isEmpty();
    }

    @Test
    void anEndOutsideOfItsIntervalCountsIfItShiftsTheRest() {
        // 20 s are left; a tenth of them is 2 s
        assertThat(of(action("a", ActionState.SUCCEEDED, 12.1, 0, 10), LEFT))
                .contains("The migration of a ended after 12.1 s of the plan; 10.0 s (8.0 to 12.0 s) were predicted.");
        assertThat(of(action("a", ActionState.SUCCEEDED, 7.0, 0, 10), LEFT)).isPresent();
        Action long1 = action("b", ActionState.PENDING, null, 10, 100); // 90 s are left
        assertThat(of(action("a", ActionState.SUCCEEDED, 12.1, 0, 10), long1)).isEmpty();
        assertThat(of(action("a", ActionState.SUCCEEDED, 19.1, 0, 10), long1)).isPresent();
    }

    /** It was ready after 5 s, and waited for another plan until 105 s. 10 s after its real begin is what was predicted. */
    @Test
    void whatAMigrationWaitedForIsNoDeviation() {
        Action late = action("a", ActionState.SUCCEEDED, 115.0, 5, 15);

        assertThat(of(waited(late, 5.0, 105, false), LEFT)).isEmpty();
        assertThat(of(waited(late, null, 105, false), LEFT))
                .as("late without waiting")
                .isPresent();
        assertThat(of(waited(action("a", ActionState.SUCCEEDED, 125.0, 5, 15), 5.0, 105, false), LEFT))
                .contains("The migration of a ended after 25.0 s of the plan, without 100.0 s in which it waited;"
                        + " 15.0 s (13.0 to 17.0 s) were predicted.");
    }

    /** Of the 20 s by which it began late, 15 s are those that the migration before it waited; 5 s are a deviation. */
    @Test
    void waitingDelaysTheMigrationsAfterItToo() {
        Action before = waited(action("z", ActionState.SUCCEEDED, 25.0, 0, 5), 0.0, 15, false);
        Action after = waited(action("a", ActionState.SUCCEEDED, 35.0, 5, 15), null, 25, false);

        assertThat(of(after, before, LEFT))
                .hasValueSatisfying(
                        reason -> assertThat(reason)
                                .startsWith(
                                        "The migration of a ended after 20.0 s of the plan, without 15.0 s in which it waited;"));
    }

    @Test
    void waitingExplainsNoMoreThanTheDelay() {
        Action punctual = waited(action("a", ActionState.SUCCEEDED, 15.0, 5, 15), 0.0, 5, false);

        assertThat(of(punctual, LEFT)).isEmpty();
    }

    @Test
    void aPlanIsLaterByWhatItsLastBeginIsIfItHadToWait() {
        Action first = waited(action("z", ActionState.SUCCEEDED, 5.0, 0, 5), null, 0, false);
        Action second = waited(action("a", ActionState.SUCCEEDED, 115.0, 5, 15), 5.0, 105, false);

        assertThat(Deviation.late(List.of(first, second, LEFT), BEGAN)).hasValue(100);
        assertThat(Deviation.late(List.of(first, LEFT), BEGAN))
                .as("none waited")
                .isEmpty();
    }

    @Test
    void everyFailureCounts() {
        assertThat(of(action("a", ActionState.FAILED, 10.0, 0, 10), LEFT))
                .contains("The migration of a did not succeed.");
    }

    @Test
    void whereNothingIsLeftNothingIsScheduled() {
        assertThat(of(action("a", ActionState.FAILED, 10.0, 0, 10))).isEmpty();
    }

    @Test
    void thePaceCountsFromTheRealBeginAndOnlyWhereTheEndWasSeen() {
        Action slow = waited(action("a", ActionState.SUCCEEDED, 115.0, 0, 10), 0.0, 100, false);
        Action unseen = waited(action("b", ActionState.SUCCEEDED, 40.0, 0, 10), null, 0, true);

        assertThat(Deviation.pace(List.of(slow))).isEqualTo(1.5);
        assertThat(Deviation.pace(List.of(unseen))).isEqualTo(1);
    }

    @Test
    void thePaceIsTheMedianOfTheRatios() {
        assertThat(Deviation.pace(List.of(LEFT))).isEqualTo(1);
        assertThat(Deviation.pace(List.of(
                        action("a", ActionState.SUCCEEDED, 15.0, 0, 10),
                        action("c", ActionState.SUCCEEDED, 20.0, 0, 10),
                        action("d", ActionState.FAILED, 90.0, 0, 10),
                        action("e", ActionState.SUCCEEDED, 12.0, 0, 10))))
                .isEqualTo(1.5);
        assertThat(Deviation.pace(List.of(action("a", ActionState.SUCCEEDED, 500.0, 0, 10))))
                .isEqualTo(4);
    }
}
