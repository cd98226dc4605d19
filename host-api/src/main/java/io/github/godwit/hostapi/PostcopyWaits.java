package io.github.godwit.hostapi;

import java.util.List;

/**
 * How long the vCPUs of a VM waited for pages in post-copy, as the destination's QEMU counts it ({@code postcopy-blocktime} and, from QEMU 11.0
 * on, its latencies in {@code query-migrate}).
 *
 * @param blockedMillis     how long all vCPUs waited at the same time, in ms
 * @param vcpuBlockedMillis how long each vCPU waited, in ms
 * @param latencyMicros     mean wait for a page, in µs; null where QEMU does not report it
 * @param otherLatencyMicros the same for waits of QEMU's own threads, in µs; null where QEMU does not report it
 */
public record PostcopyWaits(
        long blockedMillis, List<Long> vcpuBlockedMillis, Double latencyMicros, Double otherLatencyMicros) {

    /** Copies the list. */
    public PostcopyWaits {
        vcpuBlockedMillis = vcpuBlockedMillis == null ? List.of() : List.copyOf(vcpuBlockedMillis);
    }
}
