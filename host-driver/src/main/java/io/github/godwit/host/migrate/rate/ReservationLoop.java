package io.github.godwit.host.migrate.rate;

import io.github.godwit.model.unit.Bandwidth;

/**
 * The reservation of a migration from second to second: [SOLive 2020], algorithm 1, with rates in place of the paper's percentages
 * of the link. The source applies it to its outbound traffic, and the destination to its inbound traffic.
 *
 * @param capacity  rate of the link
 * @param urgency   the rate that a migration gets at least, as long as it uses it
 * @param threshold how much may be free or unused before the reservation is changed
 */
record ReservationLoop(Bandwidth capacity, Bandwidth urgency, Bandwidth threshold) {

    /** A reservation is used up if less than this share of the link is unused (the paper's 1 %). */
    private static final double USED_UP = 0.01;

    /**
     * Checks the rates.
     *
     * @throws IllegalArgumentException if the capacity is zero, or if urgency or threshold exceed it
     */
    public ReservationLoop {
        if (capacity.bitsPerSecond() == 0 || urgency.compareTo(capacity) > 0 || threshold.compareTo(capacity) > 0) {
            throw new IllegalArgumentException(
                    "The urgency (%s) and the threshold (%s) must not exceed the link's capacity (%s), which must be positive."
                            .formatted(urgency, threshold, capacity));
        }
    }

    /**
     * The first reservation: the larger of the free rate and the urgency.
     *
     * @param available the rate that other traffic leaves free before the migration
     */
    public Bandwidth initialRate(Bandwidth available) {
        Bandwidth larger = available.compareTo(urgency) > 0 ? available : urgency;
        return larger.min(capacity);
    }

    /**
     * The next reservation (lines 9 to 14 of the algorithm): grows by the free rate if that exceeds the threshold, rises to the
     * urgency if it is used up, and shrinks to the used rate if more than the threshold is unused.
     *
     * @param reserved  the current reservation
     * @param used      the rate at which the migration sends
     * @param available the rate that all traffic including the migration leaves free
     */
    public Bandwidth nextRate(Bandwidth reserved, Bandwidth used, Bandwidth available) {
        if (available.compareTo(threshold) > 0) {
            return reserved.plus(available).min(capacity);
        }
        Bandwidth unused = reserved.minus(used);
        if (unused.bitsPerSecond() < capacity.bitsPerSecond() * USED_UP && urgency.compareTo(reserved) > 0) {
            return urgency;
        }
        return unused.compareTo(threshold) > 0 ? used : reserved;
    }
}
