package io.github.godwit.model.schedule.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.schedule.DurationErrors;
import io.github.godwit.model.schedule.Estimators;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.Topology;
import io.github.godwit.model.unit.Bandwidth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How sure a schedule is of its end: single migrations have 90 % intervals of ±30 % here. */
class IntervalOfTheEndTest {

    private static SchedulingProblem equalMoves(int count) {
        Map<String, Double> volumes = new HashMap<>();
        List<MoveRequest> moves = IntStream.range(0, count)
                .mapToObj(i -> new MoveRequest("vm" + i, "a", List.of("b")))
                .toList();
        moves.forEach(each -> volumes.put(each.vm(), 1000.0));
        Bandwidth link = Bandwidth.ofMegabits(1000);
        return new SchedulingProblem(
                moves,
                Topology.of(HostNetwork.idle("a", link), HostNetwork.idle("b", link)),
                Estimators.volumes(volumes));
    }

    /** Half width 0.3 · sqrt(0.5 + 0.5/8) = 0.225 for a chain of eight: width 0.45 of the prediction. */
    @Test
    void errorsThatAreNotCommonAverageOutOverAChain() throws InterruptedException {
        Schedule one = RuleSchedulers.serial(null).schedule(equalMoves(1));
        Schedule eight = RuleSchedulers.serial(null).schedule(equalMoves(8));
        assertThat(one.end().relativeWidth()).isCloseTo(0.6, within(0.12));
        assertThat(eight.end().relativeWidth()).isCloseTo(0.45, within(0.07));
        assertThat(eight.end().value()).isCloseTo(8, within(1e-6));
    }

    /** 0.3 · sqrt(0.1 + 0.9/8) · 2 = 0.28 where a tenth is common, 0.6 where all of it is; half and twice of that by the scale. */
    @Test
    void learnedErrorsNarrowAndWidenTheEnd() throws InterruptedException {
        assertThat(chainOfEight(new DurationErrors(0.1, 1))).isCloseTo(0.28, within(0.05));
        assertThat(chainOfEight(new DurationErrors(1, 1))).isCloseTo(0.6, within(0.09));
        assertThat(chainOfEight(new DurationErrors(1, 0.5))).isCloseTo(0.3, within(0.045));
        assertThat(chainOfEight(new DurationErrors(0.1, 2))).isCloseTo(0.55, within(0.1));
    }

    private static double chainOfEight(DurationErrors errors) throws InterruptedException {
        return RuleSchedulers.serial(null)
                .schedule(equalMoves(8).withErrors(errors))
                .end()
                .relativeWidth();
    }

    /** What the errors of other plans say does not change what a single migration was predicted to take. */
    @Test
    void theDurationOfAMigrationIsItsOwnPrediction() throws InterruptedException {
        Schedule schedule = RuleSchedulers.serial(null).schedule(equalMoves(8).withErrors(new DurationErrors(1, 3)));
        assertThat(schedule.migrations()).allSatisfy(each -> {
            assertThat(each.duration().value()).isCloseTo(1, within(1e-6));
            assertThat(each.duration().low()).isCloseTo(0.7, within(1e-6));
            assertThat(each.duration().high()).isCloseTo(1.3, within(1e-6));
        });
    }

    /** Eight at once on one link send the same in all: their end is about as sure as that of the chain. */
    @Test
    void errorsAverageOutOnASharedLinkToo() throws InterruptedException {
        Schedule eight = RuleSchedulers.atOnce(null).schedule(equalMoves(8));
        assertThat(eight.end().relativeWidth()).isLessThan(0.5);
    }

    @Test
    void theProbabilityOfADeadlineFollowsFromTheInterval() throws InterruptedException {
        Schedule schedule = RuleSchedulers.serial(null).schedule(equalMoves(8));
        assertThat(schedule.probability(schedule.end().value())).isCloseTo(0.5, within(1e-6));
        assertThat(schedule.probability(schedule.end().high())).isCloseTo(0.95, within(1e-3));
        assertThat(schedule.probability(schedule.end().low())).isCloseTo(0.05, within(1e-3));
        assertThat(schedule.probability(3)).isLessThan(0.001);
    }

    @Test
    void whatIsKnownForCertainHasProbabilityOneOrZero() {
        Interval certain = Interval.exactly(5);
        assertThat(certain.probabilityOfAtMost(5)).isEqualTo(1);
        assertThat(certain.probabilityOfAtMost(4.9)).isZero();
        assertThat(certain.relativeWidth()).isZero();
    }
}
