package io.github.godwit.model.profile;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * The way from the source to the destination host, as a migration would find it (SPEC G3, T6).
 *
 * @param capacity      the slower of both NICs
 * @param available     what the traffic of both hosts leaves: the smaller of capacity less source out and capacity less
 *                      destination in
 * @param reserved      what a reservation keeps for the migration, zero without one
 * @param latencyMillis round-trip time, in ms
 */
public record LinkProfile(Bandwidth capacity, Bandwidth available, Bandwidth reserved, double latencyMillis) {

    /**
     * @throws IllegalArgumentException when a value is missing or negative
     */
    public LinkProfile {
        Checks.positive(
                "link capacity", Checks.present("link capacity", capacity).bitsPerSecond());
        Checks.present("available bandwidth", available);
        Checks.present("reserved bandwidth", reserved);
        Checks.notNegative("latencyMillis", latencyMillis);
    }

    /** The link between two hosts by their own figures, with nothing reserved. */
    public static LinkProfile between(HostProfile source, HostProfile destination, double latencyMillis) {
        Bandwidth capacity = source.link().min(destination.link());
        Bandwidth available = source.link()
                .minus(source.traffic().out())
                .min(destination.link().minus(destination.traffic().in()));
        return new LinkProfile(capacity, available, Bandwidth.ZERO, latencyMillis);
    }

    /** The same link with a reservation on it. */
    public LinkProfile withReserved(Bandwidth reservation) {
        return new LinkProfile(capacity, available, reservation.min(capacity), latencyMillis);
    }

    /**
     * What the migration's stream can expect: what is free, but never less than the even share that TCP fights for against
     * one other stream, nor less than its reservation. A reservation is a floor: its class borrows what others leave.
     */
    public Bandwidth expected() {
        Bandwidth evenShare = new Bandwidth(capacity.bitsPerSecond() / 2);
        Bandwidth floor = reserved.compareTo(evenShare) > 0 ? reserved : evenShare;
        return available.compareTo(floor) > 0 ? available : floor;
    }
}
