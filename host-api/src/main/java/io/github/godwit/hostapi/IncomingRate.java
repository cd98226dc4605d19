package io.github.godwit.hostapi;

import io.github.godwit.model.unit.Bandwidth;

/**
 * What the source of a migration reserves for it now, so that the destination does the same for what arrives.
 *
 * @param floor the rate that the migration is guaranteed, positive
 * @param limit the rate that it does not exceed; null for no limit
 * @param kept  the rate that other traffic is guaranteed; null for none
 * @param port  the port of the destination to which the migration goes, once it is known; null if nothing has changed
 */
public record IncomingRate(Bandwidth floor, Bandwidth limit, Bandwidth kept, Integer port) {

    private static final int LAST_PORT = 65_535;

    /**
     * Checks the values, and replaces a missing {@code kept} by zero.
     *
     * @throws IllegalArgumentException if the floor is missing or zero, the limit is below it, or the port is none
     */
    public IncomingRate {
        if (floor == null || floor.bitsPerSecond() == 0) {
            throw new IllegalArgumentException("The floor (%s) must be positive.".formatted(floor));
        }
        if (limit != null && limit.compareTo(floor) < 0) {
            throw new IllegalArgumentException(
                    "The limit (%s) must not be below the floor (%s).".formatted(limit, floor));
        }
        if (port != null && (port < 1 || port > LAST_PORT)) {
            throw new IllegalArgumentException("The port (%d) must be from 1 to 65535.".formatted(port));
        }
        kept = kept == null ? Bandwidth.ZERO : kept;
    }
}
