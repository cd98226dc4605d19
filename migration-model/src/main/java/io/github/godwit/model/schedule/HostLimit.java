package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Checks;

/**
 * How many migrations a host takes part in at once. Nova's compute service admits {@code max_concurrent_live_migrations} migrations away
 * from its host, and lets the others wait; it does not limit arrivals.
 *
 * @param host     name of the host
 * @param outgoing most migrations away from it at once; 0 for no limit
 * @param incoming most migrations to it at once; 0 for no limit
 */
public record HostLimit(String host, int outgoing, int incoming) {

    /**
     * @throws IllegalArgumentException when the name is empty or a limit is negative
     */
    public HostLimit {
        Checks.named("host", host);
        Checks.notNegative("limit of outgoing migrations of host " + host, outgoing);
        Checks.notNegative("limit of incoming migrations of host " + host, incoming);
    }
}
