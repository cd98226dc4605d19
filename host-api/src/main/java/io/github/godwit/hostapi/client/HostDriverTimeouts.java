package io.github.godwit.hostapi.client;

import java.time.Duration;

/**
 * Timeouts of requests to a host driver.
 *
 * @param connect  for establishing the connection
 * @param answer   for requests that the host driver answers at once
 * @param profile  for profiling, starting or stopping a VM, which takes several seconds
 * @param silence  between two events of a migration, which are sent twice a second; then the client polls the status
 * @param patience how long {@link HostDriverClient#follow} tolerates a host driver that does not answer at all
 */
public record HostDriverTimeouts(
        Duration connect, Duration answer, Duration profile, Duration silence, Duration patience) {

    /** Connect 3 s, answer 10 s, profile 1 min, silence 5 s, patience 30 s. */
    public static final HostDriverTimeouts DEFAULT = new HostDriverTimeouts(
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));

    /**
     * Requires positive timeouts.
     *
     * @throws IllegalArgumentException if a timeout is missing or not positive
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
