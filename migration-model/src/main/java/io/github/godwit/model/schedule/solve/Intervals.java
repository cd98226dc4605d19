package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.DurationErrors;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.technique.Technique;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/**
 * The intervals of all starts and ends, by running the plan again with durations drawn from the intervals of the single migrations, whose
 * errors are partly common ({@link DurationErrors}); the rest averages out over a chain.
 *
 * @param start    of each move, in seconds
 * @param end      of each move, in seconds
 * @param duration of each move, in seconds: its own prediction
 * @param last     of the last end, in seconds
 */
record Intervals(List<Interval> start, List<Interval> end, List<Interval> duration, Interval last) {

    /** Half width of a 90 % interval of the normal distribution, in standard deviations. */
    private static final double QUANTILE_95 = 1.6449;

    private static final double TAIL = 0.05;

    /** No migration takes less than this part of its prediction. */
    private static final double LEAST_FACTOR = 0.05;

    /** Runs in proportion to what they cost. */
    private static final int MOST_RUNS = 256;

    private static final int MOST_MOVES_RUN = 8_000;
    private static final int USUAL_RUNS = 40;

    /** The fewest values whose range contains a further one in nine of ten cases. */
    private static final int LEAST_RUNS = 19;

    /** Half widths of the duration of each job on both sides, as parts of the duration. */
    private static final class Widths {
        private final double[] below;
        private final double[] above;

        Widths(Instance instance, Plan plan, Technique[] techniques, IntToDoubleFunction firstShare) {
            below = new double[instance.jobs];
            above = new double[instance.jobs];
            for (int job = 0; job < instance.jobs; job++) {
                Interval seconds = job < instance.moves
                        ? instance.tables[job][plan.candidate()[job]]
                                .estimate(techniques[job], firstShare.applyAsDouble(job))
                                .seconds()
                        : instance.remaining(job);
                double value = Math.max(1e-9, seconds.value());
                below[job] = (seconds.value() - seconds.low()) / value;
                above[job] = (seconds.high() - seconds.value()) / value;
            }
        }

        Interval around(int job, double seconds) {
            return new Interval(seconds * (1 - below[job]), seconds, seconds * (1 + above[job]));
        }

        double factor(int job, double error) {
            return Math.max(LEAST_FACTOR, 1 + error / QUANTILE_95 * (error > 0 ? above[job] : below[job]));
        }
    }

    /**
     * The intervals of a run.
     *
     * @param firstShare the share that each move begins with, in Mbit/s
     * @param starts     starts of the run
     * @param ends       ends of the run
     * @param steps      steps of the run
     */
    static Intervals of(
            Instance instance,
            Plan plan,
            Technique[] techniques,
            IntToDoubleFunction firstShare,
            double[] starts,
            double[] ends,
            long steps)
            throws InterruptedException {
        int runs = runs(instance, steps);
        Widths widths = new Widths(instance, plan, techniques, firstShare);
        Simulation simulation = new Simulation(instance, Arrays.copyOf(techniques, instance.moves));
        Random random = new Random(1);
        double[] factors = new double[instance.jobs];
        simulation.stretch(factors);
        double[][] start = new double[instance.moves][runs];
        double[][] end = new double[instance.moves][runs];
        double[] last = new double[runs];
        for (int run = 0; run < runs; run++) {
            draw(instance.problem.errors(), random, widths, instance.moves, factors);
            simulation.run(plan);
            for (int move = 0; move < instance.moves; move++) {
                start[move][run] = simulation.start[move];
                end[move][run] = simulation.end[move];
            }
            last[run] = simulation.last;
        }
        List<Interval> startIntervals = new ArrayList<>();
        List<Interval> endIntervals = new ArrayList<>();
        List<Interval> durations = new ArrayList<>();
        for (int move = 0; move < instance.moves; move++) {
            startIntervals.add(interval(start[move], starts[move]));
            endIntervals.add(interval(end[move], ends[move]));
            durations.add(widths.around(move, ends[move] - starts[move]));
        }
        double predicted = Arrays.stream(ends).max().orElse(0);
        return new Intervals(startIntervals, endIntervals, durations, interval(last, predicted));
    }

    private static int runs(Instance instance, long steps) {
        int usual = Math.max(USUAL_RUNS, Math.min(MOST_RUNS, MOST_MOVES_RUN / instance.jobs));
        long affordable = Effort.of(instance.jobs).intervals() / Math.max(1, steps);
        return (int) Math.max(LEAST_RUNS, Math.min(usual, affordable));
    }

    private static void draw(DurationErrors errors, Random random, Widths widths, int moves, double[] factors) {
        double common = random.nextGaussian();
        for (int job = 0; job < factors.length; job++) {
            double error = Math.sqrt(errors.common()) * common + Math.sqrt(1 - errors.common()) * random.nextGaussian();
            // what is left of a running migration has an interval of its own schedule already
            factors[job] = widths.factor(job, job < moves ? errors.scale() * error : error);
        }
    }

    /** So many values are left out at each end that a further one would be between the others in nine of ten cases. */
    private static Interval interval(double[] samples, double value) {
        Arrays.sort(samples);
        int tail = (int) Math.max(0, Math.round(TAIL * (samples.length + 1)) - 1);
        return new Interval(Math.min(value, samples[tail]), value, Math.max(value, samples[samples.length - 1 - tail]));
    }
}
