package io.github.godwit.host.migrate;

import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.model.predict.Metric;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The measurements of a migration, and the six metrics of [FGCS 2025] from them.
 *
 * @param info               QEMU's last figures
 * @param cpuPercent         CPU use of QEMU on the source above its baseline, in percent of one core; empty if it could not be read
 * @param memoryMegabytes    growth of QEMU's resident memory on the source, in MB
 * @param baselineHeartbeats the guest's heartbeats per second just before the migration; 0 for a guest without heartbeats
 * @param spanSeconds        time over which the heartbeats were counted, from the start to the destination's report, in s
 * @param source             heartbeats on the source in that time
 * @param destination        heartbeats on the destination in that time
 */
record Measurements(
        MigrationInfo info,
        OptionalDouble cpuPercent,
        double memoryMegabytes,
        double baselineHeartbeats,
        double spanSeconds,
        Heartbeats source,
        Heartbeats destination) {

    private static final double BYTES_PER_MEGABYTE = 1e6;

    /**
     * The metrics, each in its unit. DT is missing for a migration that never switched over, PERF for a guest without heartbeats,
     * CPU where the process could not be read, and TT and TD where no figures were reported.
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
        cpuPercent.ifPresent(percent -> measured.put(Metric.CPU, percent));
        measured.put(Metric.MEMORY, memoryMegabytes);
        return measured;
    }
}
