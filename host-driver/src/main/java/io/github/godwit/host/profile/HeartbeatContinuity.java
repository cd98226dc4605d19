package io.github.godwit.host.profile;

import io.github.godwit.hostapi.Heartbeats;

/**
 * What a switchover did to a guest's work, from its heartbeats on both hosts: a guest that moved whole goes on counting
 * where it stopped.
 *
 * @param longestGapMicros longest time without a heartbeat on either host and between them; as exact as the hosts' clocks
 *                         agree
 * @param lost             heartbeats that neither host saw; at most 127, and more look like repeated ones
 * @param repeated         heartbeats that both hosts saw, or that the guest did twice; at most 128
 */
public record HeartbeatContinuity(long longestGapMicros, int lost, int repeated) {

    /** Where too little was heard to tell: no gap, nothing lost. */
    public static final HeartbeatContinuity UNKNOWN = new HeartbeatContinuity(0, 0, 0);

    /**
     * Joins both sides of a switchover.
     *
     * @param source      heartbeats on the source up to its end
     * @param destination heartbeats on the destination from its start
     * @return {@link #UNKNOWN} when there are none at all; with one side silent, the other's longest gap
     */
    public static HeartbeatContinuity across(Heartbeats source, Heartbeats destination) {
        long within = Math.max(source.longestGapMicros(), destination.longestGapMicros());
        if (source.count() == 0 || destination.count() == 0) {
            return new HeartbeatContinuity(within, 0, 0);
        }
        long between = destination.firstMicros() - source.lastMicros();
        int step = (byte) (destination.firstCounter() - source.lastCounter() - 1);
        return new HeartbeatContinuity(Math.max(within, between), Math.max(0, step), Math.max(0, -step));
    }
}
