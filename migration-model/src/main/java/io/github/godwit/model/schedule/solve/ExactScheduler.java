package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.SchedulingProblem;
import java.util.stream.IntStream;

/**
 * The best schedule of at most {@value #MOST_MOVES} moves with at most {@value #MOST_DESTINATIONS} destinations each, over all orders, all
 * groups that run in parallel or one after another, and all destinations. Starts within a group that can be earlier, because a place
 * becomes free before the whole group before it has ended, are looked for afterwards.
 */
public final class ExactScheduler implements MigrationScheduler {

    /** Beyond this number of moves use {@link SearchScheduler}. */
    public static final int MOST_MOVES = 8;

    /** Destinations of a move beyond this number are left out. */
    public static final int MOST_DESTINATIONS = 3;

    private static final int FINALISTS = 4;

    /** Plans that are tried before and after. */
    private static final int SIMULATIONS_BEFORE = 2_000;

    private static final int SIMULATIONS_AFTER = 1_000;

    @Override
    public Schedule schedule(SchedulingProblem problem) throws InterruptedException {
        if (problem.moves().size() > MOST_MOVES || !problem.running().isEmpty()) {
            throw new IllegalArgumentException(
                    "There are %d moves and %d running migrations. Exact schedules are made of at most %d moves beside none; use the search."
                            .formatted(problem.moves().size(), problem.running().size(), MOST_MOVES));
        }
        if (problem.moves().isEmpty()) {
            return Schedule.EMPTY;
        }
        Instance instance = new Instance(problem, problem.search(), MOST_DESTINATIONS);
        PlanSearch search = new PlanSearch(instance, FINALISTS, Effort.ANY);
        search.construct();
        search.improve(SIMULATIONS_BEFORE);
        PlanSearch.Found known = search.best().get(0);
        int[] all = IntStream.range(0, instance.moves).toArray();
        ExactSearch exact = new ExactSearch(instance, all);
        Plan plan = known.plan().copy();
        int[][] groups = exact.groups(known.objective(), plan.candidate());
        if (groups != null) {
            ExactSearch.into(plan, groups, instance);
            search.consider(plan);
        }
        search.improve(SIMULATIONS_AFTER);
        return Finalists.best(problem, instance, MOST_DESTINATIONS, search.best(), exact.proven() ? "exact" : "search");
    }
}
