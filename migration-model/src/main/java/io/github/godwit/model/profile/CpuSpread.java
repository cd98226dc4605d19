package io.github.godwit.model.profile;

import io.github.godwit.model.unit.Checks;

/**
 * How a CPU load is spread over threads, which decides what a busy host leaves for others: a scheduler that is fair to threads
 * takes from one thread that wants half a core, but hardly from five that want a tenth each.
 *
 * <p>The spread is told by one number, that of equally busy threads: (Σu)² / Σu² of the threads' uses u, which is their number
 * where all are alike, and counts those that do next to nothing as next to nothing.
 *
 * @param cores   the load, in cores, not negative
 * @param threads number of equally busy threads; 0 where it is not known, or where there is no load
 */
public record CpuSpread(double cores, double threads) {

    /** No load. */
    public static final CpuSpread NONE = new CpuSpread(0, 0);

    /**
     * @throws IllegalArgumentException when a value is negative or not a number
     */
    public CpuSpread {
        Checks.notNegative("cores", cores);
        Checks.notNegative("threads", threads);
    }

    /**
     * With the load of one VM more.
     *
     * @param use   in cores
     * @param vcpus over which it is spread evenly
     */
    public CpuSpread plus(double use, int vcpus) {
        return isUnknown() ? new CpuSpread(cores + use, 0) : of(cores + use, squares() + use * use / vcpus);
    }

    /**
     * Without the load of one VM. Its use was measured at another moment, so that what is left may be unknown.
     *
     * @param use   in cores
     * @param vcpus over which it is spread evenly
     */
    public CpuSpread minus(double use, int vcpus) {
        double left = Math.max(0, cores - use);
        double squares = squares() - use * use / vcpus;
        return squares <= 0 ? new CpuSpread(left, 0) : of(left, squares);
    }

    /** The number of equally busy threads; where it is unknown, as few as can bear the load. */
    public double fewestThreads() {
        return Math.max(threads, Math.ceil(cores));
    }

    private static CpuSpread of(double cores, double squares) {
        return new CpuSpread(cores, squares == 0 ? 0 : cores * cores / squares);
    }

    private boolean isUnknown() {
        return cores > 0 && threads == 0;
    }

    private double squares() {
        return threads == 0 ? 0 : cores * cores / threads;
    }
}
