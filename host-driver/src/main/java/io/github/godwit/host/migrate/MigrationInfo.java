package io.github.godwit.host.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.qmp.QemuMigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.model.watch.PrecopyPages;
import io.github.godwit.model.watch.PrecopyRound;
import java.time.Duration;

/**
 * The answer to {@code query-migrate}.
 *
 * @param status           QEMU's MigrationStatus, {@code none} before the first migration
 * @param downtimeMillis   downtime in ms, or -1 before the switchover
 * @param progress         the figures; the elapsed time is QEMU's total-time
 * @param postcopyRequests pages that the destination had to request
 * @param error            QEMU's error-desc or libvirt's error, or null
 * @param expectedDowntimeMillis QEMU's expected-downtime in ms, or -1 where it reports none
 */
public record MigrationInfo(
        String status,
        long downtimeMillis,
        Progress progress,
        long postcopyRequests,
        String error,
        long expectedDowntimeMillis) {

    /** How often a running migration is polled. */
    public static final Duration POLL_EVERY = Duration.ofMillis(500);

    /** Figures without an expected downtime. */
    public MigrationInfo(String status, long downtimeMillis, Progress progress, long postcopyRequests, String error) {
        this(status, downtimeMillis, progress, postcopyRequests, error, -1);
    }

    /** Reads the answer; what is missing in it is 0, or -1 for the downtime. */
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
                answer.path("error-desc").asText(null),
                answer.path("expected-downtime").asLong(-1));
    }

    /** The pages in the answer. */
    public static PrecopyPages pages(JsonNode answer) {
        JsonNode ram = answer.path("ram");
        int bytes = ram.path("page-size").asInt(PrecopyPages.PAGE_BYTES);
        return new PrecopyPages(
                ram.path("dirty-sync-count").asInt(),
                ram.path("duplicate").asLong()
                        + ram.path("normal").asLong()
                        + answer.path("xbzrle-cache").path("pages").asLong(),
                ram.path("remaining").asLong() / bytes,
                ram.path("total").asLong() / bytes);
    }

    /**
     * The figures of a libvirt job.
     *
     * @param stats  libvirt's figures
     * @param status the MigrationStatus that QEMU would report
     * @param error  why it failed, or null
     */
    public static MigrationInfo of(JobStats stats, String status, String error) {
        // While a job runs, libvirt reports QEMU's expected downtime in the place of the downtime.
        long expected = QemuMigrationStatus.of(status).isFinal() ? -1 : stats.downtimeMillis();
        return new MigrationInfo(
                status, stats.downtimeMillis(), stats.progress(), stats.postcopyRequests(), error, expected);
    }

    /** The figures after a round of pre-copy. */
    public PrecopyRound round() {
        return new PrecopyRound(
                progress.rounds(),
                expectedDowntimeMillis,
                progress.throttlePercent(),
                progress.elapsedMillis(),
                progress.transferredBytes(),
                progress.remainingBytes());
    }

    /** What the status means. */
    public QemuMigrationStatus meaning() {
        return QemuMigrationStatus.of(status);
    }

    /** Whether the migration has ended. */
    public boolean isFinal() {
        return meaning().isFinal();
    }

    /** Whether the migration ended with the VM on the destination. */
    public boolean completed() {
        return meaning() == QemuMigrationStatus.COMPLETED;
    }

    /** Whether the VM runs on the destination while pages are still missing there. */
    public boolean inPostcopy() {
        return meaning().inPostcopy();
    }

    /**
     * The same with the downtime that was polled at the switch to post-copy. Where QEMU 10.0 counted less than 1 ms, it counts again
     * at the end of post-copy, and then reports the whole time.
     *
     * @param millis that downtime in ms; negative to keep this one
     */
    public MigrationInfo withSwitchDowntime(long millis) {
        return millis < 0
                ? this
                : new MigrationInfo(status, millis, progress, postcopyRequests, error, expectedDowntimeMillis);
    }

    /** The same with other figures. */
    public MigrationInfo withProgress(Progress figures) {
        return new MigrationInfo(status, downtimeMillis, figures, postcopyRequests, error, expectedDowntimeMillis);
    }

    /** The same in another round of pre-copy. */
    public MigrationInfo inRound(int number) {
        return withProgress(new Progress(
                progress.elapsedMillis(),
                progress.transferredBytes(),
                progress.remainingBytes(),
                progress.dirtyPagesPerSecond(),
                progress.throttlePercent(),
                number));
    }

    /** QEMU's or libvirt's reason for a failure, or that QEMU gave none. */
    public String reason() {
        return error == null ? "QEMU gave no reason" : error;
    }
}
