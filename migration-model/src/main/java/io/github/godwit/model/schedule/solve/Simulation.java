package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.technique.Technique;

/**
 * Runs a plan: from one start or end to the next, with max-min fair shares of the links ([Thesis 2025], section 4.4.2, with the shares of
 * S5's loop). {@link StartQueue} says what may start, {@link RunningJobs} how far each migration is. A VM takes its traffic along when it
 * changes hosts: at the start for post-copy, else at the end ([SOLive 2020], section IV).
 *
 * <p>Deterministic. Reuses its arrays; not safe for use by several threads.
 */
final class Simulation {

    final Instance instance;

    /** Results of the last run, by job. */
    final double[] start;

    final double[] end;
    final double[] violation;
    final Technique[] technique;
    double last;

    private final LinkLoad load;
    private final StartQueue queue;
    private final RunningJobs running;
    private Observer observer = Observer.NONE;
    private Plan plan;
    private double now;

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
        start = new double[instance.jobs];
        end = new double[instance.jobs];
        load = new LinkLoad(instance);
        queue = new StartQueue(instance, new PlanConflicts(instance));
        running = new RunningJobs(instance, forced == null ? new Technique[instance.moves] : forced, load);
        violation = running.violation;
        technique = running.technique;
    }

    /** Lets an observer see the following runs. */
    void observe(Observer other) {
        observer = other;
    }

    /** Makes each migration of the following runs take so many times as long as predicted; null for 1. */
    void stretch(double[] factors) {
        running.stretch(factors);
    }

    /** The work of all runs so far: how often a migration got a share. */
    long steps() {
        return running.shares();
    }

    /**
     * Runs a plan of all moves.
     *
     * @return the objective: less is better
     * @throws InterruptedException if the thread is interrupted
     */
    double run(Plan complete) throws InterruptedException {
        load.reset();
        return run(complete, complete.order().length);
    }

    /**
     * Runs the first moves of a plan's order from a moment at which others have ended already.
     *
     * @param count number of moves to run
     * @param moved moves that have ended before, to the candidates of the plan
     * @throws InterruptedException if the thread is interrupted
     */
    double runGroup(Plan group, int count, boolean[] moved) throws InterruptedException {
        load.reset();
        for (int i = 0; i < instance.moves; i++) {
            if (moved[i]) {
                load.move(i, group.candidate()[i]);
            }
        }
        return run(group, count);
    }

    private double run(Plan ran, int count) throws InterruptedException {
        plan = ran;
        now = 0;
        last = 0;
        queue.prepare(plan, count);
        running.prepare(plan);
        for (int job = instance.moves; job < instance.jobs; job++) {
            queue.take(instance.held[job][0]);
            start(job);
        }
        queue.startReady(this::startMove);
        while (running.count() > 0) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            running.divide(now, observer::share);
            now = running.nextEnd();
            running.endFinished(now, this::ended);
            queue.startReady(this::startMove);
        }
        if (queue.waiting() > 0) {
            throw new IllegalStateException("%d moves cannot start.".formatted(queue.waiting()));
        }
        return objective(count);
    }

    private void startMove(int move) {
        start(move);
        observer.started(move, now, queue.conflicts());
    }

    private void start(int job) {
        start[job] = now;
        running.start(job, now);
    }

    private void ended(int job, double seconds) {
        end[job] = seconds;
        last = seconds;
        queue.ended(job, running.candidate(job));
        observer.ended(job, seconds);
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
