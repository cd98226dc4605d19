package io.github.godwit.model.schedule.solve;

import java.util.Arrays;

/**
 * The moves of a run that have not started, and which of them may start: those that the plan does not let wait, and whose hosts have room.
 * After an end only those are looked at again that share a link or a place with it: nothing else can have changed for the others.
 */
final class StartQueue {

    private final Instance instance;
    private final PlanConflicts conflicts;
    private final int[] inUse;

    /** Positions in the plan's order by resource, first those on each link, then those in each slot; resource r has them from first[r] on. */
    private final int[] first;

    private final int[] positions;
    private final int[] left;

    /** The positions that have to be looked at, as bits. */
    private final long[] marked;

    private final boolean[] started;

    /** By position: the number of the last end that it was looked at for. */
    private final int[] seen;

    private Plan plan;
    private int count;
    private int waiting;
    private int ends;

    /** Starts a move. */
    @FunctionalInterface
    interface Starter {
        void start(int move);
    }

    StartQueue(Instance instance, PlanConflicts conflicts) {
        this.instance = instance;
        this.conflicts = conflicts;
        int resources = instance.links.count + instance.slots.count();
        inUse = new int[instance.slots.count()];
        first = new int[resources + 1];
        left = new int[resources];
        positions = new int[most(instance)];
        marked = new long[(instance.moves + 63) / 64];
        started = new boolean[instance.moves];
        seen = new int[instance.moves];
    }

    private static int most(Instance instance) {
        int sum = 0;
        for (int move = 0; move < instance.moves; move++) {
            int most = 0;
            for (int candidate = 0; candidate < instance.candidates(move); candidate++) {
                most = Math.max(most, instance.crossed[move][candidate].length + instance.held[move][candidate].length);
            }
            sum += most;
        }
        return sum;
    }

    /** Starts again with the first moves of a plan, none of which has started. */
    void prepare(Plan prepared, int moves) {
        plan = prepared;
        count = moves;
        waiting = moves;
        ends = 0;
        conflicts.prepare(plan, count);
        Arrays.fill(inUse, 0);
        Arrays.fill(left, 0);
        Arrays.fill(seen, 0, count, 0);
        Arrays.fill(started, 0, count, false);
        Arrays.fill(marked, 0);
        for (int at = 0; at < count; at++) {
            mark(at);
            count(at);
        }
        for (int resource = 0; resource < left.length; resource++) {
            first[resource + 1] = first[resource] + left[resource];
            left[resource] = 0;
        }
        for (int at = 0; at < count; at++) {
            enter(at);
        }
    }

    private void mark(int at) {
        marked[at / 64] |= 1L << at;
    }

    private void count(int at) {
        int move = plan.order()[at];
        for (int link : instance.crossed[move][plan.candidate()[move]]) {
            left[link]++;
        }
        for (int slot : instance.held[move][plan.candidate()[move]]) {
            left[instance.links.count + slot]++;
        }
    }

    private void enter(int at) {
        int move = plan.order()[at];
        for (int link : instance.crossed[move][plan.candidate()[move]]) {
            positions[first[link] + left[link]++] = at;
        }
        for (int slot : instance.held[move][plan.candidate()[move]]) {
            int resource = instance.links.count + slot;
            positions[first[resource] + left[resource]++] = at;
        }
    }

    int waiting() {
        return waiting;
    }

    PlanConflicts conflicts() {
        return conflicts;
    }

    /** Starts every move that may start, in the order of the plan. */
    void startReady(Starter starter) {
        for (int word = 0; word < marked.length; word++) {
            while (marked[word] != 0) {
                int at = word * 64 + Long.numberOfTrailingZeros(marked[word]);
                marked[word] &= marked[word] - 1;
                int move = plan.order()[at];
                int[] held = instance.held[move][plan.candidate()[move]];
                if (conflicts.open(move, plan.gate()[move]) && hasRoom(held)) {
                    started[at] = true;
                    waiting--;
                    take(held);
                    starter.start(move);
                }
            }
        }
    }

    private boolean hasRoom(int[] held) {
        for (int slot : held) {
            if (inUse[slot] >= instance.slots.most(slot)) {
                return false;
            }
        }
        return true;
    }

    /** Takes the places of a job, whether there is room or not. */
    void take(int[] held) {
        for (int slot : held) {
            inUse[slot]++;
        }
    }

    /** A job has ended, and gives back its places. */
    void ended(int job, int candidate) {
        ends++;
        conflicts.ended(job);
        for (int link : instance.crossed[job][candidate]) {
            look(link, job);
        }
        for (int slot : instance.held[job][candidate]) {
            inUse[slot]--;
            look(instance.links.count + slot, job);
        }
    }

    /** Marks the moves that wait for a resource, and forgets those that have started. */
    private void look(int resource, int ended) {
        int kept = first[resource];
        for (int i = kept; i < first[resource] + left[resource]; i++) {
            int at = positions[i];
            if (started[at]) {
                continue;
            }
            positions[kept++] = at;
            if (seen[at] != ends) {
                seen[at] = ends;
                conflicts.endedBeside(plan.order()[at], ended);
                mark(at);
            }
        }
        left[resource] = kept - first[resource];
    }
}
