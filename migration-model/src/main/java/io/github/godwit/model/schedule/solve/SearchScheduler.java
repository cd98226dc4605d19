package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.SchedulingProblem;

/**
 * A good schedule of any number of moves: plans by simple rules, improved at random places, with at most {@value #MOST_DESTINATIONS}
 * destinations each. The work is bounded ({@link Effort}), not the time: the same problem gives the same schedule everywhere.
 */
public final class SearchScheduler implements MigrationScheduler {

    /** Destinations of a move beyond this number are left out. */
    public static final int MOST_DESTINATIONS = 5;

    private static final int FINALISTS = 4;

    /** Plans to try, times the square of the number of moves. */
    private static final double WORK = 600_000;

    private static final int MOST_SIMULATIONS = 4_000;
    private static final int LEAST_SIMULATIONS = 100;

    @Override
    public Schedule schedule(SchedulingProblem problem) throws InterruptedException {
        if (problem.moves().isEmpty()) {
            return Schedule.EMPTY;
        }
        Instance instance = new Instance(problem, problem.search(), MOST_DESTINATIONS);
        PlanSearch search = new PlanSearch(instance, FINALISTS, Effort.of(instance.moves));
        search.construct();
        double simulations = WORK / instance.moves / instance.moves;
        search.improve((int) Math.max(LEAST_SIMULATIONS, Math.min(MOST_SIMULATIONS, simulations)));
        return Finalists.best(problem, instance, MOST_DESTINATIONS, search.best(), "search");
    }
}
