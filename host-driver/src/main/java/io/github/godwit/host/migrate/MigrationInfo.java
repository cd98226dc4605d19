package io.github.godwit.host.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import java.time.Duration;
import java.util.Set;

/**
 * What {@code query-migrate} answered.
 *
 * @param status           QEMU's MigrationStatus, {@code none} before the first migration
 * @param downtimeMillis   downtime in ms, or -1 when it has not been yet
 * @param progress         the figures; elapsed is QEMU's total-time
 * @param postcopyRequests pages that the destination had to ask for
 * @param error            QEMU's words, or null
 */
public record MigrationInfo(
        String status, long downtimeMillis, Progress progress, long postcopyRequests, String error) {

    /** How often a running migration is polled. */
    public static final Duration POLL_EVERY = Duration.ofMillis(500);

    private static final Set<String> FINAL = Set.of("completed", "failed", "cancelled");

    public static MigrationInfo parse(JsonNode answer) {
        JsonNode ram = answer.path("ram");
        return new MigrationInfo(
                answer.path("status").asText("none"),
                answer.path("downtime").asLong(-1),
                new Progress(
                        answer.path("total-time").asLong(),
                        ram.path("transferred").asLong(),
                        ram.path("remaining").asLong(),
                        ram.path("dirty-pages-rate").asLong(),
                        answer.path("cpu-throttle-percentage").asInt(),
                        ram.path("dirty-sync-count").asInt()),
                ram.path("postcopy-requests").asLong(),
                answer.path("error-desc").asText(null));
    }

    /** The same from libvirt's figures, with QEMU's word for how it stands. */
    public static MigrationInfo of(JobStats stats, String status, String error) {
        return new MigrationInfo(status, stats.downtimeMillis(), stats.progress(), stats.postcopyRequests(), error);
    }

    /** Whether QEMU is done with it. */
    public boolean isFinal() {
        return isFinal(status);
    }

    public static boolean isFinal(String status) {
        return FINAL.contains(status);
    }

    public boolean completed() {
        return status.equals("completed");
    }

    /** Whether the VM runs, or will next, on the destination while pages are missing there. */
    public boolean inPostcopy() {
        return status.startsWith("postcopy");
    }

    /**
     * The same with the downtime that was polled at the switch to post-copy. Where QEMU 10.0 counted less than 1 ms, it counts again
     * at the end of post-copy, and then reports the whole time.
     *
     * @param millis that downtime in ms; negative to keep this one
     */
    public MigrationInfo withSwitchDowntime(long millis) {
        return millis < 0 ? this : new MigrationInfo(status, millis, progress, postcopyRequests, error);
    }

    /** The same with other figures. */
    public MigrationInfo withProgress(Progress figures) {
        return new MigrationInfo(status, downtimeMillis, figures, postcopyRequests, error);
    }

    /** QEMU's reason for a failure, or that it gave none. */
    public String reason() {
        return error == null ? "QEMU gave no reason" : error;
    }
}
