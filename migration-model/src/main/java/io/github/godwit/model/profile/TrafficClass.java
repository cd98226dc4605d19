package io.github.godwit.model.profile;

import io.github.godwit.model.unit.Bandwidth;

/** The dominant direction of the traffic of a host or a VM ([Thesis 2025]). */
public enum TrafficClass {
    /** Both rates under 10 Mbit/s. */
    IDLE,
    /** Receives more than 1.2 times what it sends. */
    INBOUND,
    /** Sends more than 1.2 times what it receives. */
    OUTBOUND,
    /** Neither direction dominates. */
    MIXED;

    /** Below this rate in both directions, traffic counts as idle. */
    public static final Bandwidth IDLE_LIMIT = Bandwidth.ofMegabits(10);

    private static final double DOMINANCE = 1.2;

    /** The class of the given traffic. */
    public static TrafficClass of(Traffic traffic) {
        if (traffic.in().compareTo(IDLE_LIMIT) < 0 && traffic.out().compareTo(IDLE_LIMIT) < 0) {
            return IDLE;
        }
        if (traffic.in().bitsPerSecond() > DOMINANCE * traffic.out().bitsPerSecond()) {
            return INBOUND;
        }
        if (traffic.out().bitsPerSecond() > DOMINANCE * traffic.in().bitsPerSecond()) {
            return OUTBOUND;
        }
        return MIXED;
    }
}
