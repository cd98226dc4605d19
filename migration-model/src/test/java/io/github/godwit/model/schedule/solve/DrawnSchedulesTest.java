package io.github.godwit.model.schedule.solve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.schedule.DrawnProblems;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduleVerifier;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of a schedule, on random clusters. */
class DrawnSchedulesTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void exactSchedulesKeepEveryRule(long seed) throws InterruptedException {
        SchedulingProblem problem = DrawnProblems.drain(seed, 2 + (int) (seed % 5), 1 + (int) (seed % 2), 3, 3);
        Schedule schedule = Schedulers.standard().schedule(problem);
        ScheduleVerifier.verify(problem, schedule);
        assertThat(schedule.method()).isEqualTo("exact");
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28})
    void searchedSchedulesKeepEveryRule(long seed) throws InterruptedException {
        SchedulingProblem problem = DrawnProblems.drain(seed, 9 + (int) (seed % 20), 3, 6, 5);
        ScheduleVerifier.verify(problem, Schedulers.standard().schedule(problem));
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34})
    void schedulesBesideRunningMigrationsKeepEveryRule(long seed) throws InterruptedException {
        SchedulingProblem drawn = DrawnProblems.drain(seed, 6, 2, 3, 3);
        SchedulingProblem problem = drawn.withRunning(List.of(
                new RunningMigration("r0", "host0", "host2", Bandwidth.ofMegabits(400), new Interval(3, 4, 5)),
                new RunningMigration("r1", "host1", "host3", Bandwidth.ofMegabits(900), new Interval(10, 11, 15))));
        ScheduleVerifier.verify(problem, Schedulers.standard().schedule(problem));
    }
}
