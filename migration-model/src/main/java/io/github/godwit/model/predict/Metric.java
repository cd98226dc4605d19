package io.github.godwit.model.predict;

import java.util.Arrays;

/** The six outcomes of a live migration ([FGCS 2025], section 2.3). MB is 10^6 bytes. */
public enum Metric {
    /** Total migration time: from the start until the VM is completely on the destination. */
    TOTAL_TIME("TT", "total time", "ms", Bound.UPPER),
    /**
     * Downtime: the longest time in which the guest does not run. In pre-copy that is the pause at switchover, as QEMU counts it. In post-copy
     * the guest also waits for pages after the switchover, which QEMU does not count: there it is the longest gap in the guest's heartbeats,
     * and unknown for a guest without heartbeats.
     */
    DOWNTIME("DT", "downtime", "ms", Bound.UPPER),
    /** Transferred data: all bytes sent by the migration. */
    TRANSFERRED_DATA("TD", "transferred data", "MB", Bound.UPPER),
    /** Performance kept: the VM's rate of work during the migration relative to its rate just before. */
    PERFORMANCE("PERF", "performance kept", "ratio", Bound.LOWER),
    /** CPU use of QEMU on the source during the migration above its use before, in percent of one core. May be negative. */
    CPU("CPU", "source CPU", "%", Bound.UPPER),
    /** Growth of QEMU's resident memory on the source during the migration. */
    MEMORY("MEM", "source memory", "MB", Bound.UPPER);

    /** Which side of a threshold violates an SLO. */
    public enum Bound {
        /** More than the threshold is a violation: less is better. */
        UPPER,
        /** Less than the threshold is a violation: more is better. */
        LOWER
    }

    private final String id;
    private final String description;
    private final String unit;
    private final Bound bound;

    Metric(String id, String description, String unit, Bound bound) {
        this.id = id;
        this.description = description;
        this.unit = unit;
        this.bound = bound;
    }

    /**
     * The metric with this id.
     *
     * @throws IllegalArgumentException when there is none; the message lists all ids
     */
    public static Metric parse(String id) {
        return Arrays.stream(values())
                .filter(metric -> metric.id.equalsIgnoreCase(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no metric '%s'. Choose one of %s.".formatted(id, Arrays.toString(values()))));
    }

    /** The abbreviation that the papers and all interfaces use, for example {@code TT}. */
    public String id() {
        return id;
    }

    /** The name of the metric, in words. */
    public String description() {
        return description;
    }

    /** The unit of every value of this metric. */
    public String unit() {
        return unit;
    }

    /** Whether an SLO limits this metric from above or from below. */
    public Bound bound() {
        return bound;
    }

    /** The value with its unit, for people: {@code 812 ms}, {@code 0.93}, {@code 41 %}. */
    public String format(double value) {
        return switch (this) {
            case PERFORMANCE -> "%.2f".formatted(value);
            default -> (Math.abs(value) < 10 ? "%.1f %s" : "%.0f %s").formatted(value, unit);
        };
    }

    /** The same as {@link #id}; also the form in JSON. */
    @Override
    public String toString() {
        return id;
    }
}
