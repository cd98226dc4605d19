package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.Technique.Switchover;
import java.util.Arrays;

/**
 * Runs a plan: from one start or end to the next, with max-min fair shares of the links ([Thesis 2025], section 4.4.2, with the shares of
 * S5's loop). A migration at share b finishes the part dt / T(b) of its work in the time dt, where T(b) is its predicted total time at a
 * constant share b. Its technique is the one that the policy chooses at the share it starts with. A VM takes its traffic along when it
 * changes hosts: at the start for post-copy, else at the end ([SOLive 2020], section IV).
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

    private final Technique[] forced;
    private final LinkLoad load;
    private final FairShares fair;
    private final FairShares.Jobs served;
    private final ActiveJobs active;
    private final PlanConflicts conflicts;
    private final double[] share;
    private final int[] inUse;
    private final int[] waiting;
    private final int[] running;
    private final int[] touched;

    /** By job: the part of the work left at the moment {@code since}, and the duration of all of it at the present share. */
    private final double[] left;

    private final double[] since;
    private final double[] duration;
    private final double[] endAt;

    private int waitingCount;
    private int runningCount;
    private double[] stretch;
    private Observer observer = Observer.NONE;
    private Plan plan;

    /** Sees what happens during a run. */
    interface Observer {
        Observer NONE = new Observer() {};

        /** A migration gets a share, in Mbit/s, perhaps the same as before. */
        default void share(int job, double seconds, double megabits) {}

        /** A migration starts; the conflicts say what it waited for. */
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
        int jobs = instance.jobs;
        start = new double[jobs];
        end = new double[jobs];
        violation = new double[jobs];
        technique = new Technique[jobs];
        load = new LinkLoad(instance);
        fair = new FairShares(instance.links.count);
        int longest = Arrays.stream(instance.crossed)
                .flatMap(Arrays::stream)
                .mapToInt(way -> way.length)
                .max()
                .orElse(1);
        served = new FairShares.Jobs(jobs, longest);
        active = new ActiveJobs(jobs, instance.links.count);
        conflicts = new PlanConflicts(instance);
        share = new double[jobs];
        inUse = new int[instance.slots.count()];
        waiting = new int[jobs];
        running = new int[jobs];
        touched = new int[jobs];
        left = new double[jobs];
        since = new double[jobs];
        duration = new double[jobs];
        endAt = new double[jobs];
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
    double run(Plan complete) {
        load.reset();
        return run(complete, complete.order().length);
    }

    /**
     * Runs the first moves of a plan's order from a moment at which others have ended already.
     *
     * @param count number of moves to run
     * @param moved moves that have ended before, to the candidates of the plan
     */
    double runGroup(Plan group, int count, boolean[] moved) {
        load.reset();
        for (int i = 0; i < instance.moves; i++) {
            if (moved[i]) {
                load.move(i, group.candidate()[i]);
            }
        }
        return run(group, count);
    }

    private double run(Plan ran, int count) {
        plan = ran;
        Arrays.fill(inUse, 0);
        active.clear();
        conflicts.prepare(plan, count);
        runningCount = 0;
        last = 0;
        for (int job = instance.moves; job < instance.jobs; job++) {
            start(job, 0);
        }
        System.arraycopy(plan.order(), 0, waiting, 0, count);
        waitingCount = count;
        startEligible(0);
        double now = 0;
        while (runningCount > 0) {
            divide(now);
            now = Double.POSITIVE_INFINITY;
            for (int i = 0; i < runningCount; i++) {
                now = Math.min(now, endAt[running[i]]);
            }
            endFinished(now);
            startEligible(now);
        }
        if (waitingCount > 0) {
            throw new IllegalStateException("%d moves cannot start.".formatted(waitingCount));
        }
        return objective(count);
    }

    private int candidate(int job) {
        return job < instance.moves ? plan.candidate()[job] : 0;
    }

    private void startEligible(double now) {
        int kept = 0;
        for (int i = 0; i < waitingCount; i++) {
            int job = waiting[i];
            if (conflicts.open(job, plan.gate()[job]) && hasRoom(job)) {
                start(job, now);
                observer.started(job, now, conflicts);
            } else {
                waiting[kept++] = job;
            }
        }
        waitingCount = kept;
    }

    private boolean hasRoom(int job) {
        for (int slot : instance.held[job][candidate(job)]) {
            if (inUse[slot] >= instance.slots.most(slot)) {
                return false;
            }
        }
        return true;
    }

    private void start(int job, double now) {
        for (int slot : instance.held[job][candidate(job)]) {
            inUse[slot]++;
        }
        start[job] = now;
        violation[job] = 0;
        technique[job] = null;
        left[job] = 1;
        since[job] = now;
        duration[job] = Double.POSITIVE_INFINITY;
        running[runningCount++] = job;
        active.add(job, instance.crossed[job][candidate(job)]);
    }

    /** Gives the migrations that a change touches their shares, and new ones their technique. */
    private void divide(double now) {
        boolean again = true;
        while (again) {
            int count = active.touched(touched);
            served.count = 0;
            for (int i = 0; i < count; i++) {
                progress(touched[i], now);
                serve(touched[i]);
            }
            fair.divide(served, share);
            again = false;
            for (int i = 0; i < count; i++) {
                int job = touched[i];
                if (job < instance.moves && technique[job] == null) {
                    again |= choose(job);
                }
                duration[job] = duration(job);
                endAt[job] = now + left[job] * duration[job];
                observer.share(job, now, share[job]);
            }
        }
    }

    /** Takes off what a migration has done at the share that it had until now. */
    private void progress(int job, double now) {
        double part = Math.min(left[job], (now - since[job]) / duration[job]);
        if (part > 0) {
            left[job] -= part;
            if (job < instance.moves) {
                violation[job] += part * instance.tables[job][candidate(job)].violation(technique[job], share[job]);
            }
        }
        since[job] = now;
    }

    private void serve(int job) {
        int at = served.count++;
        boolean move = job < instance.moves;
        int[] way = instance.crossed[job][candidate(job)];
        double most = move ? instance.tables[job][candidate(job)].useful(forced[job]) : instance.rate(job);
        for (int hop = 0; hop < way.length; hop++) {
            double ceiling = move ? instance.ceiling(job, way[hop], load) : instance.rate(job);
            served.ceiling[at][hop] = ceiling;
            most = Math.min(most, ceiling);
        }
        served.index[at] = job;
        served.links[at] = way;
        served.most[at] = most;
    }

    /** Chooses the technique; returns whether the VM takes traffic along at once, so that shares change. */
    private boolean choose(int job) {
        technique[job] = forced[job] == null ? instance.tables[job][candidate(job)].chosen(share[job]) : forced[job];
        return technique[job].switchover() == Switchover.AT_ONCE && leave(job);
    }

    private boolean leave(int job) {
        if (!load.matters(job)) {
            return false;
        }
        load.move(job, candidate(job));
        active.change(instance.sourceOut[job]);
        active.change(instance.sourceIn[job]);
        active.change(instance.destinationOut[job][candidate(job)]);
        active.change(instance.destinationIn[job][candidate(job)]);
        return true;
    }

    private double duration(int job) {
        double seconds = job < instance.moves
                ? instance.tables[job][candidate(job)].seconds(technique[job], share[job])
                : instance.remaining(job).value() * instance.rate(job) / share[job];
        return stretch == null ? seconds : seconds * stretch[job];
    }

    private void endFinished(double now) {
        int kept = 0;
        for (int i = 0; i < runningCount; i++) {
            int job = running[i];
            if (endAt[job] > now + DONE) {
                running[kept++] = job;
                continue;
            }
            progress(job, now);
            end[job] = now;
            last = now;
            active.remove(job);
            conflicts.ended(job);
            for (int slot : instance.held[job][candidate(job)]) {
                inUse[slot]--;
            }
            if (job < instance.moves && technique[job].switchover() != Switchover.AT_ONCE) {
                leave(job);
            }
            observer.ended(job, now);
        }
        runningCount = kept;
    }

    private double objective(int count) {
        Weights weights = instance.weights;
        double objective = weights.end * last;
        for (int at = 0; at < count; at++) {
            int job = plan.order()[at];
            objective += weights.ofEnd[job] * end[job];
            objective += weights.inMigration * (end[job] - start[job]);
            objective += weights.violation * weights.ofViolation[job] * violation[job];
        }
        return objective;
    }
}
