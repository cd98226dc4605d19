package io.github.godwit.host.libvirt;

import io.github.godwit.hostapi.MigrationStatus.Progress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What libvirt says of a domain's job, running or ended.
 *
 * @param values by libvirt's names of job fields, such as {@code time_elapsed}
 */
public record JobStats(Map<String, Object> values) {

    private static final int OPERATION_MIGRATION_OUT = 5;

    /** Copies the values. */
    public JobStats {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Whether it is a migration away from this host. */
    public boolean migrationOut() {
        return number("operation", -1) == OPERATION_MIGRATION_OUT;
    }

    /** Whether an ended job went well. Migrations are told of only when they did; backups say it. */
    public boolean success() {
        return !Boolean.FALSE.equals(values.get("success"));
    }

    /** Why an ended job did not go well, in libvirt's words. */
    public String error() {
        return values.getOrDefault("errmsg", "libvirt gave no reason").toString();
    }

    /** The VM's downtime in ms, or -1 when it has not been yet. */
    public long downtimeMillis() {
        return number("downtime", -1);
    }

    /** Pages that the destination asked for. */
    public long postcopyRequests() {
        return number("memory_postcopy_requests", 0);
    }

    /** The figures. */
    public Progress progress() {
        return new Progress(
                number("time_elapsed", 0),
                number("data_processed", 0),
                number("data_remaining", 0),
                number("memory_dirty_rate", 0),
                (int) number("auto_converge_throttle", 0),
                (int) number("memory_iteration", 0));
    }

    private long number(String name, long otherwise) {
        return values.get(name) instanceof Long value ? value : otherwise;
    }
}
