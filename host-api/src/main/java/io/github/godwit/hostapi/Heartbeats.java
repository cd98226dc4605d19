package io.github.godwit.hostapi;

/**
 * The heartbeats of one guest that one host received during an interval. A guest sends one heartbeat per unit of work, so
 * the rate of its heartbeats is its performance, and the longest gap between them its service downtime.
 *
 * @param count           number of heartbeats received
 * @param firstMicros     arrival of the first, in microseconds since 1970 by this host's clock; -1 if there is none
 * @param lastMicros      arrival of the last, in the same unit; -1 if there is none
 * @param longestGapMicros longest time between two successive heartbeats on this host, in microseconds
 * @param firstCounter    the guest's rolling counter (0 to 255) in the first heartbeat; -1 if there is none
 * @param lastCounter     the counter in the last heartbeat; -1 if there is none
 */
public record Heartbeats(
        long count, long firstMicros, long lastMicros, long longestGapMicros, int firstCounter, int lastCounter) {

    /** No heartbeats: the guest sends none, or it did not run during the interval. */
    public static final Heartbeats NONE = new Heartbeats(0, -1, -1, 0, -1, -1);
}
