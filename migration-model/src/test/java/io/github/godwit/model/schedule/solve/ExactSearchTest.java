package io.github.godwit.model.schedule.solve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.schedule.DrawnProblems;
import io.github.godwit.model.schedule.Objective;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduledMigration;
import io.github.godwit.model.schedule.SchedulingProblem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exact schedules against every sequence of groups and every destination, tried one by one. */
class ExactSearchTest {

    /** What the search may miss, above all starts before a whole group has ended, which it looks for afterwards. */
    private static final double TOLERANCE = 1.01;

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43, 44, 45, 46})
    void noOtherSequenceOfGroupsIsBetter(long seed) throws InterruptedException {
        SchedulingProblem problem = DrawnProblems.drain(seed, 4, 1, 3, 2).withObjective(Objective.EMPTY_TIME);
        double best = new EveryPlan(problem).leastObjective();
        assertThat(objective(problem, new ExactScheduler().schedule(problem)))
                .as("best of all %s", best)
                .isLessThanOrEqualTo(best * TOLERANCE);
    }

    private static double objective(SchedulingProblem problem, Schedule schedule) {
        Weights weights = new Weights(problem);
        double objective = weights.end * schedule.end().value() + weights.violation * schedule.violation();
        for (int i = 0; i < problem.moves().size(); i++) {
            ScheduledMigration each = schedule.byVm().get(problem.moves().get(i).vm());
            objective += weights.ofEnd[i] * each.end().value() + weights.inMigration * each.seconds();
        }
        return objective;
    }

    /** All orders, cut into groups in all ways, with all destinations. All moves share the link of their source. */
    private static final class EveryPlan {
        private final Instance instance;
        private final Simulation simulation;
        private final Plan plan;
        private final boolean[] placed;
        private double best = Double.POSITIVE_INFINITY;

        EveryPlan(SchedulingProblem problem) throws InterruptedException {
            instance = new Instance(problem, problem.search(), Integer.MAX_VALUE);
            simulation = new Simulation(instance, null);
            plan = Plan.uniform(instance.moves, 1);
            placed = new boolean[instance.moves];
        }

        double leastObjective() throws InterruptedException {
            extend(0, 0);
            return best;
        }

        private void extend(int at, int inGroup) throws InterruptedException {
            if (at == instance.moves) {
                best = Math.min(best, simulation.run(plan));
                return;
            }
            for (int move = 0; move < instance.moves; move++) {
                if (!placed[move]) {
                    placed[move] = true;
                    plan.order()[at] = move;
                    for (int candidate = 0; candidate < instance.candidates(move); candidate++) {
                        plan.candidate()[move] = candidate;
                        plan.gate()[move] = 1;
                        extend(at + 1, 1);
                        plan.gate()[move] = inGroup + 1;
                        extend(at + 1, inGroup + 1);
                    }
                    placed[move] = false;
                }
            }
        }
    }
}
