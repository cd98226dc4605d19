package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.solve.share.ActiveJobs;
import io.github.godwit.model.schedule.solve.share.FairShares;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.Technique.Switchover;
import java.util.Arrays;

/**
 * The migrations that run at one moment of a simulation: their shares, techniques, and how far they are. A migration at share b finishes the
 * part dt / T(b) of its work in the time dt, where T(b) is its predicted total time at a constant share b. Its technique is the one that the
 * policy chooses at the share it starts with.
 */
final class RunningJobs {

    private static final double DONE = 1e-9;

    /** Results, by job. */
    final double[] violation;

    final Technique[] technique;

    private final Instance instance;
    private final Technique[] forced;
    private final LinkLoad load;
    private final FairShares fair;
    private final FairShares.Jobs served;
    private final ActiveJobs active;
    private final double[] share;
    private final int[] running;
    private final int[] touched;

    /** By job: the part of the work left at the moment {@code since}, and the duration of all of it at the present share. */
    private final double[] left;

    private final double[] since;
    private final double[] duration;
    private final double[] endAt;

    private int count;
    private long shares;
    private double[] stretch;
    private Plan plan;

    /** Sees the ends of migrations. */
    @FunctionalInterface
    interface Ends {
        void ended(int job, double seconds);
    }

    /** Sees the shares of migrations. */
    @FunctionalInterface
    interface Shares {
        void share(int job, double seconds, double megabits);
    }

    /**
     * @param forced technique of each move, null for the policy's choice
     * @param load   what is on the links; changes as VMs take their traffic along
     */
    RunningJobs(Instance instance, Technique[] forced, LinkLoad load) {
        this.instance = instance;
        this.forced = forced;
        this.load = load;
        int jobs = instance.jobs;
        violation = new double[jobs];
        technique = new Technique[jobs];
        fair = new FairShares(instance.links.count);
        int longest = Arrays.stream(instance.crossed)
                .flatMap(Arrays::stream)
                .mapToInt(way -> way.length)
                .max()
                .orElse(1);
        served = new FairShares.Jobs(jobs, longest);
        active = new ActiveJobs(jobs, instance.links.count);
        share = new double[jobs];
        running = new int[jobs];
        touched = new int[jobs];
        left = new double[jobs];
        since = new double[jobs];
        duration = new double[jobs];
        endAt = new double[jobs];
    }

    /** Makes each migration from now on take so many times as long as predicted; null for 1. */
    void stretch(double[] factors) {
        stretch = factors;
    }

    /** Starts again with a plan, of which nothing runs. */
    void prepare(Plan prepared) {
        plan = prepared;
        active.clear();
        count = 0;
    }

    int count() {
        return count;
    }

    /** How many shares have been given so far in all runs, which most of the time is spent on. */
    long shares() {
        return shares;
    }

    int candidate(int job) {
        return job < instance.moves ? plan.candidate()[job] : 0;
    }

    void start(int job, double now) {
        violation[job] = 0;
        technique[job] = null;
        left[job] = 1;
        since[job] = now;
        duration[job] = Double.POSITIVE_INFINITY;
        running[count++] = job;
        active.add(job, instance.crossed[job][candidate(job)]);
    }

    /** Gives the migrations that a change touches their shares, and new ones their technique. */
    void divide(double now, Shares observer) {
        boolean again = true;
        while (again) {
            int changed = active.touched(touched);
            shares += changed;
            served.count = 0;
            for (int i = 0; i < changed; i++) {
                progress(touched[i], now);
                serve(touched[i]);
            }
            fair.divide(served, share);
            again = false;
            for (int i = 0; i < changed; i++) {
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

    /** The time of the next end. */
    double nextEnd() {
        double next = Double.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            next = Math.min(next, endAt[running[i]]);
        }
        return next;
    }

    /** Ends what ends now. */
    void endFinished(double now, Ends ends) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int job = running[i];
            if (endAt[job] > now + DONE) {
                running[kept++] = job;
                continue;
            }
            progress(job, now);
            active.remove(job);
            if (job < instance.moves && technique[job].switchover() != Switchover.AT_ONCE) {
                leave(job);
            }
            ends.ended(job, now);
        }
        count = kept;
    }
}
