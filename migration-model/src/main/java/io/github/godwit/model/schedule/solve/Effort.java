package io.github.godwit.model.schedule.solve;

/**
 * The most work of a schedule, in steps of the simulation, in each of which a migration gets a share. It is in proportion to the number of
 * moves, as is the number of predictions, which is at most that of the moves times their destinations times the points of the
 * {@link ShareTable}. Work is bounded instead of time, so that the same problem gives the same schedule on every machine.
 *
 * <p>A simulation of few migrations at a time has few steps for each move. If hundreds at a time share links, each end changes the shares of
 * all of them. Plans of which one simulation takes too many steps are not considered, since their intervals need many of them.
 *
 * @param search    steps after which no further plan is tried
 * @param run       steps of a single simulation
 * @param intervals steps for the intervals of the result
 */
record Effort(long search, long run, long intervals) {

    private static final long SEARCH = 8_000;
    private static final long RUN = 400;
    private static final long INTERVALS = 7_600;

    /** Without a bound, for few moves, of which other bounds hold. */
    static final Effort ANY = new Effort(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    /** For this number of moves. */
    static Effort of(int moves) {
        return new Effort(SEARCH * moves, RUN * moves, INTERVALS * moves);
    }
}
