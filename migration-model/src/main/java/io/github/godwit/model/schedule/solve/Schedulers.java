package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.MigrationScheduler;

/** Chooses a scheduler by the size of the problem. */
public final class Schedulers {

    private Schedulers() {}

    /** The scheduler that everything uses: exact for few moves beside no running migration, else a search. */
    public static MigrationScheduler standard() {
        MigrationScheduler exact = new ExactScheduler();
        MigrationScheduler search = new SearchScheduler();
        return problem -> problem.moves().size() <= ExactScheduler.MOST_MOVES
                        && problem.running().isEmpty()
                ? exact.schedule(problem)
                : search.schedule(problem);
    }
}
