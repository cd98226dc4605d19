package io.github.godwit.host.libvirt;

import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.model.watch.PrecopyPages;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The statistics of a running or ended job of a domain.
 *
 * @param values the values by libvirt's names of job fields, such as {@code time_elapsed}
 */
public record JobStats(Map<String, Object> values) {

    /** VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT. */
    private static final int OPERATION_MIGRATION_OUT = 5;

    private static final String ITERATION = "memory_iteration";

    /** Copies the values. */
    public JobStats {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Whether the job is a migration away from this host. */
    public boolean migrationOut() {
        return number("operation", -1) == OPERATION_MIGRATION_OUT;
    }

    /** Whether an ended job succeeded. libvirt reports completed migrations only; jobs of other kinds have {@code success}. */
    public boolean success() {
        return !Boolean.FALSE.equals(values.get("success"));
    }

    /** libvirt's error message of an ended job. */
    public String error() {
        return values.getOrDefault("errmsg", "libvirt gave no reason").toString();
    }

    /** The VM's downtime in ms; -1 before the switchover. */
    public long downtimeMillis() {
        return number("downtime", -1);
    }

    /** Number of pages that the destination requested in post-copy. */
    public long postcopyRequests() {
        return number("memory_postcopy_requests", 0);
    }

    /** Bytes of memory that were sent. */
    public long memoryBytes() {
        return number("memory_processed", 0);
    }

    /** Bytes of local disks that were copied; 0 for a VM without such disks. */
    public long diskBytes() {
        return number("disk_processed", 0);
    }

    /** The counters of a migration; missing ones are 0. */
    public Progress progress() {
        return new Progress(
                number("time_elapsed", 0),
                number("data_processed", 0),
                number("data_remaining", 0),
                number("memory_dirty_rate", 0),
                (int) number("auto_converge_throttle", 0),
                (int) number(ITERATION, 0));
    }

    /** The pages of a migration. */
    public PrecopyPages pages() {
        long bytes = Math.max(1, number("memory_page_size", PrecopyPages.PAGE_BYTES));
        return new PrecopyPages(
                (int) number(ITERATION, 0),
                number("memory_constant", 0) + number("memory_normal", 0) + number("compression_pages", 0),
                number("memory_remaining", 0) / bytes,
                number("memory_total", 0) / bytes);
    }

    /** The same in another round of pre-copy. */
    public JobStats inRound(int number) {
        Map<String, Object> counted = new LinkedHashMap<>(values);
        counted.put(ITERATION, (long) number);
        return new JobStats(counted);
    }

    private long number(String name, long otherwise) {
        return values.get(name) instanceof Long value ? value : otherwise;
    }
}
