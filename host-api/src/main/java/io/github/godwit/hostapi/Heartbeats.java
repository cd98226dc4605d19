package io.github.godwit.hostapi;

/**
 * The guest's heartbeats as one host saw them over a stretch of time. A heartbeat is one unit of the guest's work, so their
 * rate is its performance and the longest gap its service downtime.
 *
 * @param count           heartbeats seen
 * @param firstMicros     time of the first, microseconds since 1970 by this host's clock, or -1 without any
 * @param lastMicros      time of the last, or -1
 * @param longestGapMicros longest time between two that follow each other here
 * @param firstCounter    the guest's rolling counter (0 to 255) in the first, or -1
 * @param lastCounter     the same in the last, or -1
 */
public record Heartbeats(
        long count, long firstMicros, long lastMicros, long longestGapMicros, int firstCounter, int lastCounter) {

    /** None seen: a guest without heartbeat, or one that stands still. */
    public static final Heartbeats NONE = new Heartbeats(0, -1, -1, 0, -1, -1);
}
