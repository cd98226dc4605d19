package io.github.godwit.hostapi.client;

import java.time.Duration;

/**
 * How long a host driver may take.
 *
 * @param connect  to accept a connection
 * @param answer   to answer a request that it can answer at once
 * @param profile  to profile, start or stop a VM, which takes it several seconds
 * @param silence  between two events of a migration, which it sends twice a second, before its status is asked for
 * @param patience to be silent altogether while it is followed, before it counts as lost
 */
public record HostDriverTimeouts(
        Duration connect, Duration answer, Duration profile, Duration silence, Duration patience) {

    /** Three seconds to connect, ten to answer, a minute to profile, five between events, half a minute to be lost. */
    public static final HostDriverTimeouts DEFAULT = new HostDriverTimeouts(
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));

    /**
     * @throws IllegalArgumentException when a timeout is missing or not positive
     */
    public HostDriverTimeouts {
        positive("connect", connect);
        positive("answer", answer);
        positive("profile", profile);
        positive("silence", silence);
        positive("patience", patience);
    }

    private static void positive(String name, Duration timeout) {
        if (timeout == null || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("The %s timeout (%s) must be positive.".formatted(name, timeout));
        }
    }
}
