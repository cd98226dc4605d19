package io.github.godwit.strategy.load;

import java.util.Locale;

/** The load metrics that are read from Prometheus. */
public enum LoadMetric {
    /** Share of a host's cores in use, 0 to 1; waiting for I/O is no use. */
    HOST_CPU(true, "a share from 0 to 1", 1.5, 0.1),
    /** Share of a host's memory in use, 0 to 1; free huge pages are not in use. */
    HOST_MEMORY(true, "a share from 0 to 1", 1.5, 0.1),
    /** Bits per second that a host receives. */
    HOST_RECEIVE(true, "bits per second", 1e13, 10e6),
    /** Bits per second that a host sends. */
    HOST_TRANSMIT(true, "bits per second", 1e13, 10e6),
    /** Number of cores that a VM uses. */
    VM_CPU(false, "a number of cores", 4096, 0.25),
    /** Resident memory of a VM on its host, in bytes. */
    VM_MEMORY(false, "bytes of memory", 1L << 50, 64 << 20),
    /** Bits per second that a VM receives. */
    VM_RECEIVE(false, "bits per second", 1e13, 10e6),
    /** Bits per second that a VM sends. */
    VM_TRANSMIT(false, "bits per second", 1e13, 10e6);

    /** Two figures of the same thing that differ by more than this share of the larger one contradict each other. */
    private static final double TOLERANCE = 0.2;

    private final boolean ofHost;
    private final String unit;
    private final double most;
    private final double trifle;

    LoadMetric(boolean ofHost, String unit, double most, double trifle) {
        this.ofHost = ofHost;
        this.unit = unit;
        this.most = most;
        this.trifle = trifle;
    }

    /** Returns its name in the configuration, such as {@code host_cpu}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether its series are of hosts; otherwise they are of VMs. */
    boolean ofHost() {
        return ofHost;
    }

    /** Returns what its values are, such as "bits per second". */
    String unit() {
        return unit;
    }

    /** Returns whether a finite value can be meant: a percentage is no share, nanoseconds are no cores. */
    boolean plausible(double value) {
        return value >= -trifle && value <= most;
    }

    /** Returns whether two figures may be of the same thing, measured at slightly different times: 20 % of the larger one, or a trifle. */
    boolean agree(double smaller, double larger) {
        return larger - smaller <= Math.max(trifle, TOLERANCE * larger);
    }
}
