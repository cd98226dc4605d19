package io.github.godwit.model.profile;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * The network between the source and the destination host, as a migration would find it.
 *
 * @param capacity      the slower of both NICs
 * @param available     free bandwidth: the smaller of the source's link minus what it sends and the destination's link minus what
 *                      it receives
 * @param reserved      bandwidth reserved for the migration, zero without a reservation
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

    /** The link between two hosts according to their profiles, without a reservation. */
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
     * The bandwidth that a migration can expect: what is free, but at least its reservation, and at least half of the
     * capacity, which is the share that TCP gets against one other connection. A reservation is a lower bound: its
     * traffic class borrows what is unused.
     */
    public Bandwidth expected() {
        Bandwidth evenShare = new Bandwidth(capacity.bitsPerSecond() / 2);
        Bandwidth floor = reserved.compareTo(evenShare) > 0 ? reserved : evenShare;
        return available.compareTo(floor) > 0 ? available : floor;
    }
}
