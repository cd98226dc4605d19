package io.github.godwit.host.migrate;

import io.github.godwit.model.api.Heartbeats;

/** What the guest's users felt of the switchover, from its heartbeats on both hosts. */
final class ServiceGap {

    private ServiceGap() {}

    /** Longest time without a heartbeat in ms, or -1 without any; both hosts' clocks must agree. */
    static double longestMillis(Heartbeats source, Heartbeats destination) {
        if (source.count() == 0 && destination.count() == 0) {
            return -1;
        }
        long longest = Math.max(source.longestGapMicros(), destination.longestGapMicros());
        if (source.count() > 0 && destination.count() > 0) {
            longest = Math.max(longest, destination.firstMicros() - source.lastMicros());
        }
        return longest / 1000.0;
    }

    /** Heartbeats lost or repeated over the switchover, or -1 where that cannot be told. */
    static int lost(Heartbeats source, Heartbeats destination) {
        if (source.count() == 0 || destination.count() == 0) {
            return -1;
        }
        int expected = (source.lastCounter() + 1) & 0xff;
        return Math.abs((byte) (destination.firstCounter() - expected));
    }
}
