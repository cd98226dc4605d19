package io.github.godwit.model.predict;

import java.util.Arrays;

/** The six outcomes of a live migration (SPEC G2; FGCS 2025 §2.3). MB is 10^6 bytes. */
public enum Metric {
    /** Total migration time: from its start until the VM is fully on the destination. */
    TOTAL_TIME("TT", "total time", "ms", Bound.UPPER),
    /** Downtime: how long the VM is paused at switchover. */
    DOWNTIME("DT", "downtime", "ms", Bound.UPPER),
    /** Transferred data: all bytes that the migration sends. */
    TRANSFERRED_DATA("TD", "transferred data", "MB", Bound.UPPER),
    /** Performance kept: the VM's rate of work during the migration over its rate just before. */
    PERFORMANCE("PERF", "performance kept", "ratio", Bound.LOWER),
    /** QEMU's CPU time on the source during the migration above its baseline, in percent of one core. May be negative. */
    CPU("CPU", "source CPU", "%", Bound.UPPER),
    /** Growth of QEMU's resident memory on the source. */
    MEMORY("MEM", "source memory", "MB", Bound.UPPER);

    /** Which side of a threshold is a violation. */
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

    /** The papers' abbreviation, for example {@code TT}. */
    public String id() {
        return id;
    }

    /** What the metric is, in words. */
    public String description() {
        return description;
    }

    /** The unit of every value of this metric. */
    public String unit() {
        return unit;
    }

    /** Whether an SLO on this metric limits it from above or from below. */
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

    /** The papers' abbreviation; also the form in JSON. */
    @Override
    public String toString() {
        return id;
    }
}
