package io.github.godwit.model.schedule.solve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.schedule.DrawnProblems;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.Objective;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.solve.PlanEvaluator.Decision;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exact schedules against every sequence of groups and every destination, tried one by one. */
class ExactSearchTest {

    /** What the search may miss, and what priorities may cost of the end. */
    private static final double TOLERANCE = 1.005;

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43, 44, 45, 46})
    void noOtherSequenceOfGroupsEndsEarlier(long seed) {
        SchedulingProblem drawn = DrawnProblems.drain(seed, 4, 1, 3, 2).withObjective(Objective.EMPTY_TIME);
        SchedulingProblem problem = drawn.withMoves(
                drawn.moves().stream().map(each -> each.withPriority(0)).toList());
        double exact = new ExactScheduler().schedule(problem).end().value();
        double best = new EveryPlan(problem).bestEnd();
        assertThat(exact).as("best of all %s", best).isLessThanOrEqualTo(best * TOLERANCE);
    }

    /** All orders, cut into groups in all ways, with all destinations. Moves of one source wait for all of the group before. */
    private static final class EveryPlan {
        private final PlanEvaluator evaluator;
        private final List<MoveRequest> moves;
        private double best = Double.POSITIVE_INFINITY;

        EveryPlan(SchedulingProblem problem) {
            this.evaluator = new PlanEvaluator(problem);
            this.moves = problem.moves();
        }

        double bestEnd() {
            extend(new ArrayList<>(), 1);
            return best;
        }

        private void extend(List<Decision> decisions, int gate) {
            if (decisions.size() == moves.size()) {
                best = Math.min(
                        best, evaluator.schedule(decisions, "each").end().value());
                return;
            }
            for (MoveRequest move : moves) {
                if (decisions.stream().noneMatch(each -> each.vm().equals(move.vm()))) {
                    for (String destination : move.destinations()) {
                        decisions.add(new Decision(move.vm(), destination, null, gate));
                        extend(decisions, 1);
                        extend(decisions, gate + 1);
                        decisions.remove(decisions.size() - 1);
                    }
                }
            }
        }
    }
}
