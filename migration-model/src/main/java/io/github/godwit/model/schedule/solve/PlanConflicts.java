package io.github.godwit.model.schedule.solve;

import java.util.Arrays;

/**
 * Which jobs before each move in a plan's order share a link with it, and which of them have not ended. Jobs are bits; running migrations
 * are before all moves.
 */
final class PlanConflicts {

    private final Instance instance;
    private final int words;
    private final long[] onLink;
    private final long[] before;
    private final long[] unfinished;

    PlanConflicts(Instance instance) {
        this.instance = instance;
        words = (instance.jobs + 63) / 64;
        onLink = new long[instance.links.count * words];
        before = new long[instance.jobs * words];
        unfinished = new long[words];
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
            if (plan.gate()[job] != Plan.OPEN) {
                for (int link : way) {
                    for (int word = 0; word < words; word++) {
                        before[job * words + word] |= onLink[link * words + word];
                    }
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

    /** Whether fewer than {@code gate} jobs before a move are unfinished. */
    boolean open(int job, int gate) {
        if (gate == Plan.OPEN) {
            return true;
        }
        int count = 0;
        for (int word = 0; word < words; word++) {
            count += Long.bitCount(before[job * words + word] & unfinished[word]);
        }
        return count < gate;
    }

    /** Whether a move waited for another job: that comes before it, shares a link with it, and has ended. */
    boolean waitedFor(int job, int other) {
        long bit = 1L << other;
        return (before[job * words + other / 64] & bit) != 0 && (unfinished[other / 64] & bit) == 0;
    }
}
