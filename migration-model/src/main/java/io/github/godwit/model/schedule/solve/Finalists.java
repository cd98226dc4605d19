package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.solve.PlanSearch.Found;
import java.util.List;

/** Compares the best plans of a search by the most accurate estimator, and writes down the best of them. */
final class Finalists {

    private Finalists() {}

    /** The schedule of the best plan. */
    static Schedule best(
            SchedulingProblem problem, Instance searched, int mostCandidates, List<Found> found, String method)
            throws InterruptedException {
        if (problem.finalists() == problem.search()) {
            return new ScheduleWriter(searched, null).write(found.get(0).plan(), method);
        }
        Instance accurate = new Instance(problem, problem.finalists(), mostCandidates);
        for (int move = 0; move < searched.moves; move++) {
            if (accurate.candidates(move) != searched.candidates(move)) {
                // the estimators do not agree on where the VM can go: keep to what was searched
                return new ScheduleWriter(searched, null).write(found.get(0).plan(), method);
            }
        }
        Simulation simulation = new Simulation(accurate, null);
        Plan best = null;
        double least = Double.POSITIVE_INFINITY;
        for (Found each : found) {
            double objective = simulation.run(each.plan());
            if (objective < least) {
                least = objective;
                best = each.plan();
            }
        }
        return new ScheduleWriter(accurate, null).write(best, method);
    }
}
