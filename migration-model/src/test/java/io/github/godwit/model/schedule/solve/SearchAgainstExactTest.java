package io.github.godwit.model.schedule.solve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.schedule.DrawnProblems;
import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.Objective;
import io.github.godwit.model.schedule.SchedulingProblem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search for many moves, where the best schedule is known. */
class SearchAgainstExactTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void isWithinFivePercentOfTheBest(long seed) throws InterruptedException {
        SchedulingProblem problem =
                DrawnProblems.drain(seed, 6, 1 + (int) (seed % 2), 4, 3).withObjective(Objective.EMPTY_TIME);
        double exact = end(new ExactScheduler(), problem);
        double searched = end(new SearchScheduler(), problem);
        assertThat(searched).as("exact %s", exact).isLessThanOrEqualTo(1.05 * exact);
    }

    private static double end(MigrationScheduler scheduler, SchedulingProblem problem) throws InterruptedException {
        return scheduler.schedule(problem).end().value();
    }
}
