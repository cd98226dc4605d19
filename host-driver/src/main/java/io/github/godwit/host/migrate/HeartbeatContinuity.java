package io.github.godwit.host.migrate;

import io.github.godwit.hostapi.Heartbeats;

/**
 * The effect of a switchover on a guest's work, from its heartbeats on both hosts. A guest that moves intact continues to count where
 * it stopped.
 *
 * @param longestGapMicros longest time without a heartbeat on either host and between them, in microseconds; as accurate as the
 *                         clocks of the hosts agree
 * @param lost             number of heartbeats that neither host received, at most 127; more of them count as repeated
 * @param repeated         number of heartbeats that both hosts received, or that the guest sent twice; at most 128
 */
record HeartbeatContinuity(long longestGapMicros, int lost, int repeated) {

    /** Without heartbeats: no gap, and none lost. */
    static final HeartbeatContinuity UNKNOWN = new HeartbeatContinuity(0, 0, 0);

    /**
     * Combines the heartbeats of both hosts.
     *
     * @param source      heartbeats on the source until the end of its QEMU
     * @param destination heartbeats on the destination from the start of its QEMU
     * @return the continuity; without heartbeats on one side, only the longest gap of the other side; {@link #UNKNOWN} if there are
     *     none
     */
    static HeartbeatContinuity across(Heartbeats source, Heartbeats destination) {
        long within = Math.max(source.longestGapMicros(), destination.longestGapMicros());
        if (source.count() == 0 || destination.count() == 0) {
            return new HeartbeatContinuity(within, 0, 0);
        }
        long between = destination.firstMicros() - source.lastMicros();
        int step = (byte) (destination.firstCounter() - source.lastCounter() - 1);
        return new HeartbeatContinuity(Math.max(within, between), Math.max(0, step), Math.max(0, -step));
    }
}
