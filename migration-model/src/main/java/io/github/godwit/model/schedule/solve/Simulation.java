package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.Technique.Switchover;
import java.util.Arrays;

/**
 * Runs a plan: from one start or end to the next, with max-min fair shares of the links ([Thesis 2025], section 4.4.2, with the shares of
 * S5's loop). A migration at share b finishes the part dt / T(b) of its work in the time dt, where T(b) is its predicted total time at a
 * constant share b. Its technique is the one that the policy chooses at the share it starts with. A VM takes its traffic along when it
 * changes hosts: at the start for post-copy, else at the end ([INFOCOM 2020], section IV).
 *
 * <p>Deterministic. Reuses its arrays; not safe for use by several threads.
 */
final class Simulation {

    private static final double DONE = 1e-9;

    final Instance instance;

    /** Results of the last run, by job. */
    final double[] start;

    final double[] end;
    final double[] violation;
    final Technique[] technique;
    double last;

    private final LinkLoad load;
    private final FairShares fair;
    private final FairShares.Jobs active;
    private final double[] share;
    private final double[] remaining;
    private final boolean[] started;
    private final int[] inUse;
    private final PlanConflicts conflicts;
    private final Technique[] forced;
    private double[] stretch;
    private Observer observer = Observer.NONE;
    private final int[] running;
    private int runningCount;

    /** Sees what happens during a run. */
    interface Observer {
        Observer NONE = new Observer() {};

        /** A migration gets another share, in Mbit/s. */
        default void share(int job, double seconds, double megabits) {}

        /** A migration is about to start; the conflicts say what it waited for. */
        default void started(int job, double seconds, PlanConflicts conflicts) {}

        /** A migration has ended. */
        default void ended(int job, double seconds) {}
    }

    /**
     * Prepares simulations.
     *
     * @param forced technique of each move, null for the policy's choice; or null if the policy chooses all of them
     */
    Simulation(Instance instance, Technique[] forced) {
        this.instance = instance;
        this.forced = forced == null ? new Technique[instance.moves] : forced;
        start = new double[instance.jobs];
        end = new double[instance.jobs];
        violation = new double[instance.jobs];
        technique = new Technique[instance.jobs];
        load = new LinkLoad(instance);
        fair = new FairShares(instance.links.count);
        int longest = 1;
        for (int[][] ways : instance.crossed) {
            for (int[] way : ways) {
                longest = Math.max(longest, way.length);
            }
        }
        active = new FairShares.Jobs(instance.jobs, longest);
        share = new double[instance.jobs];
        remaining = new double[instance.jobs];
        started = new boolean[instance.jobs];
        inUse = new int[instance.slots.count()];
        running = new int[instance.jobs];
        conflicts = new PlanConflicts(instance);
    }

    /** Lets an observer see the following runs. */
    void observe(Observer other) {
        observer = other;
    }

    /** Makes each migration of the following runs take so many times as long as predicted; null for 1. */
    void stretch(double[] factors) {
        stretch = factors;
    }

    /**
     * Runs a plan of all moves.
     *
     * @return the objective: less is better
     */
    double run(Plan plan) {
        load.reset();
        return run(plan, plan.order().length);
    }

    /**
     * Runs the first moves of a plan's order, at once and from a moment at which others have ended already. Used for groups.
     *
     * @param moved moves that have ended before, to the candidates of the plan
     */
    double runGroup(Plan plan, int count, boolean[] moved) {
        load.reset();
        for (int i = 0; i < instance.moves; i++) {
            if (moved[i]) {
                load.move(i, plan.candidate()[i]);
            }
        }
        return run(plan, count);
    }

    private double run(Plan plan, int count) {
        Arrays.fill(started, false);
        Arrays.fill(inUse, 0);
        runningCount = 0;
        last = 0;
        conflicts.prepare(plan, count);
        double now = 0;
        startRunning();
        int ended = 0;
        int all = count + instance.jobs - instance.moves;
        startEligible(plan, count, now);
        while (ended < all) {
            divide(plan, now);
            int next = nextToEnd(plan);
            if (next < 0) {
                throw new IllegalStateException(
                        "No migration runs although %d of %d have not ended.".formatted(all - ended, all));
            }
            double step = remaining[next] * duration(plan, next);
            advance(plan, step);
            now += step;
            ended += endFinished(plan, next, now);
            startEligible(plan, count, now);
        }
        return objective(plan, count);
    }

    private void startRunning() {
        for (int job = instance.moves; job < instance.jobs; job++) {
            start[job] = 0;
            violation[job] = 0;
            remaining[job] = 1;
            started[job] = true;
            running[runningCount++] = job;
            for (int slot : instance.held[job][0]) {
                inUse[slot]++;
            }
        }
    }

    private void startEligible(Plan plan, int count, double now) {
        for (int at = 0; at < count; at++) {
            int job = plan.order()[at];
            if (!started[job] && conflicts.open(job, plan.gate()[job]) && free(plan, job)) {
                for (int slot : instance.held[job][plan.candidate()[job]]) {
                    inUse[slot]++;
                }
                start[job] = now;
                violation[job] = 0;
                remaining[job] = 1;
                started[job] = true;
                technique[job] = null;
                running[runningCount++] = job;
                observer.started(job, now, conflicts);
            }
        }
    }

    private boolean free(Plan plan, int job) {
        for (int slot : instance.held[job][plan.candidate()[job]]) {
            if (inUse[slot] >= instance.slots.most(slot)) {
                return false;
            }
        }
        return true;
    }

    /** Gives every running migration its share, and new ones their technique. */
    private void divide(Plan plan, double now) {
        boolean again = shares(plan);
        if (again) {
            shares(plan);
        }
        for (int at = 0; at < active.count; at++) {
            int job = active.index[at];
            observer.share(job, now, share[job]);
        }
    }

    /** Returns whether a VM took its traffic along at the start, so that the shares have changed. */
    private boolean shares(Plan plan) {
        active.count = 0;
        for (int i = 0; i < runningCount; i++) {
            add(plan, running[i]);
        }
        fair.divide(active, share);
        boolean left = false;
        for (int i = 0; i < active.count; i++) {
            int job = active.index[i];
            if (job < instance.moves && technique[job] == null) {
                ShareTable table = instance.tables[job][plan.candidate()[job]];
                technique[job] = forced[job] == null ? table.chosen(share[job]) : forced[job];
                if (technique[job].switchover() == Switchover.AT_ONCE && load.matters(job)) {
                    load.move(job, plan.candidate()[job]);
                    left = true;
                }
            }
        }
        return left;
    }

    private void add(Plan plan, int job) {
        int at = active.count++;
        boolean move = job < instance.moves;
        int candidate = move ? plan.candidate()[job] : 0;
        int[] way = instance.crossed[job][candidate];
        double most = move ? instance.tables[job][candidate].useful(forced[job]) : instance.rate(job);
        for (int hop = 0; hop < way.length; hop++) {
            double ceiling = move ? instance.ceiling(job, way[hop], load) : instance.rate(job);
            active.ceiling[at][hop] = ceiling;
            most = Math.min(most, ceiling);
        }
        active.index[at] = job;
        active.links[at] = way;
        active.most[at] = most;
    }

    private double duration(Plan plan, int job) {
        double seconds = job < instance.moves
                ? instance.tables[job][plan.candidate()[job]].seconds(technique[job], share[job])
                : instance.remaining(job).value() * instance.rate(job) / share[job];
        return stretch == null ? seconds : seconds * stretch[job];
    }

    private int nextToEnd(Plan plan) {
        int next = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < runningCount; i++) {
            double left = remaining[running[i]] * duration(plan, running[i]);
            if (left < least) {
                least = left;
                next = running[i];
            }
        }
        return next;
    }

    private void advance(Plan plan, double step) {
        for (int i = 0; i < runningCount; i++) {
            int job = running[i];
            double seconds = duration(plan, job);
            double part = seconds == 0 ? remaining[job] : Math.min(remaining[job], step / seconds);
            remaining[job] -= part;
            if (job < instance.moves) {
                violation[job] +=
                        part * instance.tables[job][plan.candidate()[job]].violation(technique[job], share[job]);
            }
        }
    }

    private int endFinished(Plan plan, int next, double now) {
        remaining[next] = 0;
        int ended = 0;
        int kept = 0;
        for (int i = 0; i < runningCount; i++) {
            int job = running[i];
            if (remaining[job] > DONE) {
                running[kept++] = job;
                continue;
            }
            ended++;
            end[job] = now;
            last = Math.max(last, now);
            conflicts.ended(job);
            int candidate = job < instance.moves ? plan.candidate()[job] : 0;
            for (int slot : instance.held[job][candidate]) {
                inUse[slot]--;
            }
            if (job < instance.moves && technique[job].switchover() != Switchover.AT_ONCE) {
                load.move(job, candidate);
            }
            observer.ended(job, now);
        }
        runningCount = kept;
        return ended;
    }

    private double objective(Plan plan, int count) {
        Weights weights = instance.weights;
        double objective = weights.end * last;
        for (int at = 0; at < count; at++) {
            int job = plan.order()[at];
            objective += weights.ofEnd[job] * end[job];
            objective += weights.violation * weights.ofViolation[job] * violation[job];
        }
        return objective;
    }
}
