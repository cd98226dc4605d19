package io.github.godwit.model.profile;

import io.github.godwit.model.unit.Checks;

/**
 * How a CPU load is spread over threads. The spread decides what a busy host leaves for others: a scheduler that is
 * fair to threads takes CPU from one thread that wants half a core, but hardly any from five threads that want a tenth
 * each.
 *
 * <p>One number describes the spread, the number of equally busy threads: (Σu)² / Σu² of the threads' uses u. It is
 * their number if all are equally busy, and idle threads do not count.
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
     * This load together with that of one VM.
     *
     * @param use   CPU use of the VM, in cores
     * @param vcpus its vCPUs, which are assumed to be equally busy
     */
    public CpuSpread plus(double use, int vcpus) {
        return isUnknown() ? new CpuSpread(cores + use, 0) : of(cores + use, squares() + use * use / vcpus);
    }

    /**
     * This load without that of one VM. The two were measured at different times, so the spread of the rest may be unknown.
     *
     * @param use   CPU use of the VM, in cores
     * @param vcpus its vCPUs, which are assumed to be equally busy
     */
    public CpuSpread minus(double use, int vcpus) {
        double left = Math.max(0, cores - use);
        double squares = squares() - use * use / vcpus;
        return squares <= 0 ? new CpuSpread(left, 0) : of(left, squares);
    }

    /** The number of equally busy threads; where it is unknown, the fewest that can cause the load. */
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
