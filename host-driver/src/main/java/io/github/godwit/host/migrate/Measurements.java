package io.github.godwit.host.migrate;

import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.model.predict.Metric;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a migration was measured by, and the six metrics from it (SPEC G2).
 *
 * @param info               QEMU's last figures
 * @param cpuPercent         QEMU's CPU on the source above its baseline, percent of a core
 * @param memoryMegabytes    growth of its resident memory there, MB
 * @param baselineHeartbeats the guest's heartbeats per second just before, 0 for a guest without
 * @param spanSeconds        time over which the heartbeats were counted: from the start until the destination answered
 * @param source             heartbeats on the source in that time
 * @param destination        heartbeats on the destination in that time
 */
record Measurements(
        MigrationInfo info,
        double cpuPercent,
        double memoryMegabytes,
        double baselineHeartbeats,
        double spanSeconds,
        Heartbeats source,
        Heartbeats destination) {

    private static final double BYTES_PER_MEGABYTE = 1e6;

    /**
     * The metrics; DT is missing for a migration that never switched over, PERF for a guest without heartbeat, and TT and TD where
     * nobody told how long it took.
     */
    Map<Metric, Double> metrics() {
        Map<Metric, Double> measured = new EnumMap<>(Metric.class);
        if (info.progress().elapsedMillis() > 0) {
            measured.put(Metric.TOTAL_TIME, (double) info.progress().elapsedMillis());
            measured.put(Metric.TRANSFERRED_DATA, info.progress().transferredBytes() / BYTES_PER_MEGABYTE);
        }
        if (info.downtimeMillis() >= 0) {
            measured.put(Metric.DOWNTIME, (double) info.downtimeMillis());
        }
        if (baselineHeartbeats > 0 && spanSeconds > 0) {
            double rate = (source.count() + destination.count()) / spanSeconds;
            measured.put(Metric.PERFORMANCE, rate / baselineHeartbeats);
        }
        measured.put(Metric.CPU, cpuPercent);
        measured.put(Metric.MEMORY, memoryMegabytes);
        return measured;
    }
}
