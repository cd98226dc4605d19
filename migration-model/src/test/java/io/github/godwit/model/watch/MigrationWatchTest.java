package io.github.godwit.model.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.watch.SecondChoice.SecondAttempt;
import io.github.godwit.model.watch.WatchChange.RaiseDowntimeLimit;
import io.github.godwit.model.watch.WatchChange.StartPostcopy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MigrationWatchTest {

    private static final int FIRST = 3;
    private static final Duration LIMIT = Duration.ofMillis(300);
    private static final DowntimeRamp RAMP = new DowntimeRamp(Duration.ofMillis(800));
    private static final MigrationWatch WATCH = new MigrationWatch(RAMP, true, Duration.ofMinutes(5));

    /** A change, and the round after which it was made. */
    private record Changed(int round, WatchChange change) {}

    /** What is changed after rounds with these expected downtimes, up to post-copy. */
    private static List<Changed> changes(MigrationWatch watch, long... expected) {
        List<Changed> changes = new ArrayList<>();
        MigrationWatch.State state = MigrationWatch.initial(LIMIT);
        for (int i = 0; i < expected.length; i++) {
            MigrationWatch.Decision decision = watch.next(new PrecopyRound(FIRST + i, expected[i], 0, 0, 0, 0), state);
            state = decision.state();
            if (decision.change().isPresent()) {
                changes.add(new Changed(FIRST + i, decision.change().get()));
                if (decision.change().get() instanceof StartPostcopy) {
                    break;
                }
            }
        }
        return changes;
    }

    private static List<Integer> postcopyAfter(MigrationWatch watch, long... expected) {
        return changes(watch, expected).stream()
                .filter(each -> each.change() instanceof StartPostcopy)
                .map(Changed::round)
                .toList();
    }

    @Test
    void aMigrationWhoseRoundsBecomeShorterContinues() {
        assertThat(changes(WATCH, 4_000, 3_000, 2_000, 1_300, 900, 600, 400, 290))
                .isEmpty();
    }

    @Test
    void aLongerDowntimeWithinTheSloIsPreferred() {
        assertThat(changes(WATCH, 2_000, 520, 510, 500))
                .containsExactly(new Changed(6, new RaiseDowntimeLimit(Duration.ofMillis(550))));
    }

    @Test
    void whereTheSloPermitsNoDowntimeThatLongPostCopyBeginsAsSoonAsThatIsKnown() {
        assertThat(postcopyAfter(WATCH, 3_000, 2_900)).containsExactly(4);
        assertThat(postcopyAfter(WATCH, 3_000, 3_500)).containsExactly(4);
    }

    @Test
    void aRoundThatWasMuchLongerThanTheOthersIsNotTheMomentToSwitch() {
        assertThat(postcopyAfter(new MigrationWatch(DowntimeRamp.NONE, true, null), 8_000, 3_200, 3_100, 3_050))
                .as("two ratios show that the first was an exception")
                .containsExactly(6);
    }

    @Test
    void roundsThatBecomeShorterFastEnoughAreWaitedFor() {
        assertThat(postcopyAfter(WATCH, 9_000, 4_500, 2_250, 1_125, 560)).isEmpty();
        assertThat(postcopyAfter(WATCH, 9_000, 8_100)).containsExactly(4);
        assertThat(postcopyAfter(WATCH, 900, 810))
                .as("one more such round, and it ends within the SLO")
                .isEmpty();
    }

    @Test
    void theThrottleThatGrowsMakesTheNextRoundsShorter() {
        MigrationWatch.Decision unthrottled = decision(0);
        assertThat(unthrottled.change()).isPresent();
        assertThat(decision(80).change())
                .as("five percent of throttle more leave three quarters of the writes")
                .isEmpty();
    }

    private static MigrationWatch.Decision decision(int throttlePercent) {
        MigrationWatch.State state = MigrationWatch.initial(LIMIT);
        for (int i = 0; i < 2; i++) {
            state = WATCH.next(new PrecopyRound(FIRST + i, 2_000, throttlePercent, 0, 0, 0), state)
                    .state();
        }
        return WATCH.next(new PrecopyRound(FIRST + 2, 1_900, throttlePercent, 0, 0, 0), state);
    }

    @Test
    void aThrottledMigrationThatCouldOnlyBeCancelledIsThrottledMore() {
        MigrationWatch watch = new MigrationWatch(DowntimeRamp.NONE, false, 10, Duration.ofSeconds(20));
        assertThat(throttled(watch, 20, 2_000)).isEmpty();
        assertThat(throttled(watch, 20, 12_000))
                .as("8 s are left for rounds of two seconds")
                .get()
                .isInstanceOf(WatchChange.RaiseThrottle.class);
        assertThat(throttled(watch, 0, 12_000)).as("it does not throttle").isEmpty();
        assertThat(throttled(new MigrationWatch(DowntimeRamp.NONE, false, 0, Duration.ofSeconds(20)), 20, 12_000))
                .as("libvirt cannot")
                .isEmpty();
        assertThat(throttled(new MigrationWatch(DowntimeRamp.NONE, true, 10, Duration.ofSeconds(20)), 20, 12_000))
                .as("post-copy costs less")
                .get()
                .isInstanceOf(StartPostcopy.class);
    }

    @Test
    void theThrottleIsRaisedOnceAndByNoMoreThanIsNeeded() {
        MigrationWatch watch = new MigrationWatch(DowntimeRamp.NONE, false, 10, Duration.ofSeconds(20));
        MigrationWatch.State state = MigrationWatch.initial(LIMIT);
        List<WatchChange> changes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            MigrationWatch.Decision decision =
                    watch.next(new PrecopyRound(FIRST + i, 2_000 - i, 20, 10_000 + 2_000 * i, 0, 0), state);
            state = decision.state();
            decision.change().ifPresent(changes::add);
        }
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).note()).contains("throttled by").contains("within its time limit");
    }

    private static Optional<WatchChange> throttled(MigrationWatch watch, int percent, long elapsed) {
        MigrationWatch.State state = MigrationWatch.initial(LIMIT);
        state = watch.next(new PrecopyRound(FIRST, 2_000, percent, elapsed - 2_000, 0, 0), state)
                .state();
        return watch.next(new PrecopyRound(FIRST + 1, 1_990, percent, elapsed, 0, 0), state)
                .change();
    }

    @Test
    void aMigrationThatCannotBeSwitchedIsBegunAgainIfAnotherTechniqueIsThroughSooner() {
        assertThat(changes(beginningAgain(4_000, Duration.ofMinutes(5)), 3_000, 3_010, 3_000, 3_010))
                .as("two ratios, because what has been sent is lost")
                .first()
                .satisfies(each -> {
                    assertThat(each.round()).isEqualTo(FIRST + 2);
                    assertThat(each.change().note())
                            .isEqualTo(
                                    "The migration is cancelled and begun again by POST, because each round of pre-copy took 100 % "
                                            + "of the time of the round before, and by POST it takes 5.5 s.");
                });
        assertThat(changes(beginningAgain(4_000, Duration.ofMinutes(5)), 3_000, 2_100, 1_400, 900, 500, 250))
                .as("the rest takes less time")
                .isEmpty();
    }

    @Test
    void aMigrationIsNotBegunAgainWithoutTimeForIt() {
        assertThat(changes(beginningAgain(4_000, Duration.ofSeconds(5)), 3_000, 3_010, 3_000, 3_010))
                .isEmpty();
        assertThat(changes(beginningAgain(4_000, Duration.ofSeconds(6)), 3_000, 3_010, 3_000, 3_010))
                .isNotEmpty();
    }

    /** What has been sent is not given up before a raised throttle could show what it does. */
    @Test
    void aMigrationIsNotBegunAgainInTheRoundAfterItsThrottleWasRaised() {
        MigrationWatch watch = new MigrationWatch(
                DowntimeRamp.NONE,
                false,
                10,
                Duration.ofSeconds(20),
                beginningAgain(1_000, null).second());
        MigrationWatch.State state = MigrationWatch.initial(LIMIT);
        List<Class<?>> changes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            MigrationWatch.Decision decision =
                    watch.next(new PrecopyRound(FIRST + i, 2_000 - i, 20, 12_000 + 500 * i, 0, 0), state);
            state = decision.state();
            changes.add(decision.change().<Class<?>>map(Object::getClass).orElse(null));
        }
        assertThat(changes.subList(0, 4))
                .containsExactly(null, WatchChange.RaiseThrottle.class, null, WatchChange.BeginAgain.class);
    }

    @Test
    void aMigrationThatCanBeSwitchedIsNotBegunAgain() {
        MigrationWatch both = new MigrationWatch(
                DowntimeRamp.NONE, true, 0, null, beginningAgain(10, null).second());
        assertThat(changes(both, 3_000, 3_010, 3_000, 3_010))
                .extracting(Changed::change)
                .hasOnlyElementsOfType(StartPostcopy.class);
    }

    private static MigrationWatch beginningAgain(double millis, Duration limit) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            estimates.put(metric, new Estimate(millis, millis, millis));
        }
        Choice choice = new Choice(
                Technique.POST_COPY,
                SloPolicies.shipped().get("ensure_performance"),
                new Prediction(estimates, true),
                "It is the best.",
                List.of(),
                List.of());
        return new MigrationWatch(
                DowntimeRamp.NONE, false, 0, limit, (round, growth) -> Optional.of(new SecondAttempt(choice, null)));
    }

    @Test
    void whatQemuHasNotComputedAnewCountsInTheNextRound() {
        MigrationWatch watch = new MigrationWatch(DowntimeRamp.NONE, true, null);
        assertThat(postcopyAfter(watch, 500, 500)).isEmpty();
        assertThat(postcopyAfter(watch, 500, 500, 500)).containsExactly(5);
    }

    @Test
    void withoutAnSloOnDowntimeOnlyPostCopyIsLeft() {
        MigrationWatch watch = new MigrationWatch(DowntimeRamp.NONE, true, null);
        assertThat(postcopyAfter(watch, 510, 500)).containsExactly(4);
        assertThat(postcopyAfter(watch, 250, 250, 250)).isEmpty();
    }

    @Test
    void whatIsNotPermittedIsNotDone() {
        assertThat(changes(new MigrationWatch(RAMP, false, Duration.ofSeconds(1)), 3_000, 3_000, 3_000, 3_000, 3_000))
                .isEmpty();
        assertThat(changes(MigrationWatch.NONE, 3_000, 3_000, 3_000, 3_000, 3_000, 3_000))
                .isEmpty();
    }

    @Test
    void aMigrationThatWouldExceedItsTimeLimitIsSwitchedBefore() {
        MigrationWatch watch = new MigrationWatch(RAMP, true, Duration.ofSeconds(10));
        MigrationWatch.State state = MigrationWatch.initial(LIMIT);
        assertThat(watch.next(new PrecopyRound(4, 2_000, 0, 7_900, 0, 0), state).change())
                .isEmpty();
        assertThat(watch.next(new PrecopyRound(4, 2_000, 0, 8_000, 0, 0), state).change())
                .get()
                .extracting(WatchChange::note)
                .isEqualTo(
                        "The migration was switched to post-copy, because it would not have ended within its time limit of 10 s.");
        assertThat(watch.insteadOfCancelling(new PrecopyRound(2, 0, 0, 10_000, 0, 0)))
                .isPresent();
    }

    @Test
    void aMigrationThatHasNotSentAllMemoryOnceIsCancelledAtItsTimeLimit() {
        MigrationWatch watch = new MigrationWatch(RAMP, true, Duration.ofSeconds(10));
        assertThat(watch.insteadOfCancelling(new PrecopyRound(1, 300, 0, 10_000, 0, 0)))
                .isEmpty();
        assertThat(watch.next(new PrecopyRound(1, 300, 0, 9_900, 0, 0), MigrationWatch.initial(LIMIT))
                        .change())
                .isEmpty();
    }

    @Test
    void aRoundThatIsKnownAlreadyDecidesNothing() {
        MigrationWatch.State state = MigrationWatch.initial(LIMIT);
        for (int poll = 0; poll < 9; poll++) {
            MigrationWatch.Decision decision = WATCH.next(new PrecopyRound(3, 9_000, 0, 0, 0, 0), state);
            assertThat(decision.change()).isEmpty();
            state = decision.state();
        }
    }
}
