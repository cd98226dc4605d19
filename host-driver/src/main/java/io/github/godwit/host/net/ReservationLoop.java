package io.github.godwit.host.net;

import io.github.godwit.model.unit.Bandwidth;

/**
 * How much to reserve for a migration from second to second: Algorithm 1 of SOLive (SPEC S5), with rates where the paper has
 * percentages of the link. The same rule serves the source with its outbound and the destination with its inbound traffic.
 *
 * @param capacity  rate of the link
 * @param urgency   what the migration is worth at least when it uses it
 * @param threshold how much may be free or unused before the reservation follows
 */
public record ReservationLoop(Bandwidth capacity, Bandwidth urgency, Bandwidth threshold) {

    /** A reservation counts as used up when less than this share of the link is unused (the paper's 1 %). */
    private static final double USED_UP = 0.01;

    /**
     * @throws IllegalArgumentException when the capacity is zero, or urgency or threshold exceed it
     */
    public ReservationLoop {
        if (capacity.bitsPerSecond() == 0 || urgency.compareTo(capacity) > 0 || threshold.compareTo(capacity) > 0) {
            throw new IllegalArgumentException(
                    "The urgency (%s) and the threshold (%s) must not exceed the link's capacity (%s), which must be positive."
                            .formatted(urgency, threshold, capacity));
        }
    }

    /**
     * The first reservation.
     *
     * @param available what the traffic leaves free before the migration
     */
    public Bandwidth initialRate(Bandwidth available) {
        Bandwidth larger = available.compareTo(urgency) > 0 ? available : urgency;
        return larger.min(capacity);
    }

    /**
     * The next reservation.
     *
     * @param reserved  what is reserved now
     * @param used      what the migration sends now
     * @param available what all traffic, the migration's too, leaves free now
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
