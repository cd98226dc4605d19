package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.technique.Technique;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/**
 * The intervals of all starts and ends, by running the plan again with durations drawn from the intervals of the single migrations. A part
 * of each error is common to all of them, since one predictor, one link and one profile of the hosts are behind them; the rest is
 * independent, and averages out over a chain.
 *
 * @param start of each move, in seconds
 * @param end   of each move, in seconds
 * @param last  of the last end, in seconds
 */
record Intervals(List<Interval> start, List<Interval> end, Interval last) {

    /** Share of the variance that the errors of all migrations have in common. */
    static final double COMMON = 0.3;

    /** Half width of a 90 % interval of the normal distribution, in standard deviations. */
    private static final double QUANTILE_95 = 1.6449;

    private static final double TAIL = 0.05;

    /** No migration takes less than this part of its prediction. */
    private static final double LEAST_FACTOR = 0.05;

    /** Runs in proportion to what they cost. */
    private static final int MOST_RUNS = 256;

    private static final int MOST_MOVES_RUN = 12_800;
    private static final int LEAST_RUNS = 48;

    /** The intervals of a run with these starts and ends. */
    static Intervals of(
            Instance instance,
            Plan plan,
            Technique[] techniques,
            IntToDoubleFunction firstShare,
            double[] starts,
            double[] ends) {
        int runs = Math.max(LEAST_RUNS, Math.min(MOST_RUNS, MOST_MOVES_RUN / instance.jobs));
        double[] below = new double[instance.jobs];
        double[] above = new double[instance.jobs];
        for (int job = 0; job < instance.jobs; job++) {
            Interval seconds = job < instance.moves
                    ? instance.tables[job][plan.candidate()[job]]
                            .estimate(techniques[job], firstShare.applyAsDouble(job))
                            .seconds()
                    : instance.remaining(job);
            double value = Math.max(1e-9, seconds.value());
            below[job] = (seconds.value() - seconds.low()) / value / QUANTILE_95;
            above[job] = (seconds.high() - seconds.value()) / value / QUANTILE_95;
        }
        Technique[] kept = Arrays.copyOf(techniques, instance.moves);
        Simulation simulation = new Simulation(instance, kept);
        Random random = new Random(1);
        double[] factors = new double[instance.jobs];
        simulation.stretch(factors);
        double[][] start = new double[instance.moves][runs];
        double[][] end = new double[instance.moves][runs];
        double[] last = new double[runs];
        for (int run = 0; run < runs; run++) {
            double common = random.nextGaussian();
            for (int job = 0; job < instance.jobs; job++) {
                double error = Math.sqrt(COMMON) * common + Math.sqrt(1 - COMMON) * random.nextGaussian();
                factors[job] = Math.max(LEAST_FACTOR, 1 + error * (error > 0 ? above[job] : below[job]));
            }
            simulation.run(plan);
            for (int move = 0; move < instance.moves; move++) {
                start[move][run] = simulation.start[move];
                end[move][run] = simulation.end[move];
            }
            last[run] = simulation.last;
        }
        List<Interval> startIntervals = new ArrayList<>();
        List<Interval> endIntervals = new ArrayList<>();
        for (int move = 0; move < instance.moves; move++) {
            startIntervals.add(interval(start[move], starts[move]));
            endIntervals.add(interval(end[move], ends[move]));
        }
        double predicted = Arrays.stream(ends).max().orElse(0);
        return new Intervals(startIntervals, endIntervals, interval(last, predicted));
    }

    private static Interval interval(double[] samples, double value) {
        Arrays.sort(samples);
        int tail = (int) Math.floor(TAIL * samples.length);
        return new Interval(Math.min(value, samples[tail]), value, Math.max(value, samples[samples.length - 1 - tail]));
    }
}
