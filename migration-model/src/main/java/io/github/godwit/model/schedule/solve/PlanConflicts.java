package io.github.godwit.model.schedule.solve;

import java.util.Arrays;

/**
 * Which jobs before each move in a plan's order share a link with it, and how many of them have not ended. Jobs are bits; running
 * migrations are before all moves.
 */
final class PlanConflicts {

    private final Instance instance;
    private final int words;
    private final long[] onLink;
    private final long[] before;
    private final long[] unfinished;

    /** By move: the jobs before it that have not ended. */
    private final int[] open;

    PlanConflicts(Instance instance) {
        this.instance = instance;
        words = (instance.jobs + 63) / 64;
        onLink = new long[instance.links.count * words];
        before = new long[instance.jobs * words];
        unfinished = new long[words];
        open = new int[instance.jobs];
    }

    /** Starts again with the first moves of a plan. */
    void prepare(Plan plan, int count) {
        Arrays.fill(onLink, 0);
        Arrays.fill(before, 0);
        Arrays.fill(unfinished, 0);
        for (int job = instance.moves; job < instance.jobs; job++) {
            put(job, instance.crossed[job][0]);
        }
        for (int at = 0; at < count; at++) {
            int job = plan.order()[at];
            int[] way = instance.crossed[job][plan.candidate()[job]];
            open[job] = 0;
            if (plan.gate()[job] != Plan.OPEN) {
                for (int link : way) {
                    for (int word = 0; word < words; word++) {
                        before[job * words + word] |= onLink[link * words + word];
                    }
                }
                for (int word = 0; word < words; word++) {
                    open[job] += Long.bitCount(before[job * words + word]);
                }
            }
            put(job, way);
        }
    }

    private void put(int job, int[] way) {
        long bit = 1L << job;
        for (int link : way) {
            onLink[link * words + job / 64] |= bit;
        }
        unfinished[job / 64] |= bit;
    }

    void ended(int job) {
        unfinished[job / 64] &= ~(1L << job);
    }

    /** A job has ended that shares a link with this move. */
    void endedBeside(int move, int job) {
        if ((before[move * words + job / 64] >> job & 1) == 1) {
            open[move]--;
        }
    }

    /** Whether fewer than {@code gate} jobs before a move are unfinished. */
    boolean open(int move, int gate) {
        return open[move] < gate;
    }

    /** Whether a move waited for another job: that comes before it, shares a link with it, and has ended. */
    boolean waitedFor(int move, int job) {
        long bit = 1L << job;
        return (before[move * words + job / 64] & bit) != 0 && (unfinished[job / 64] & bit) == 0;
    }
}
