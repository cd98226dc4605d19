package io.github.godwit.model;

/** The six outcomes of a live migration (SPEC G2; FGCS 2025 §2.3). MB is 10^6 bytes. */
public enum Metric {
    /** Total migration time: from its start until the VM is fully on the destination. */
    TT("total time", "ms", Bound.UPPER),
    /** Downtime: how long the VM is paused at switchover. */
    DT("downtime", "ms", Bound.UPPER),
    /** Transferred data: all bytes that the migration sends. */
    TD("transferred data", "MB", Bound.UPPER),
    /** Performance kept: the VM's rate of work during the migration over its rate just before. */
    PERF("performance kept", "ratio", Bound.LOWER),
    /** QEMU's CPU time on the source during the migration above its baseline, in percent of one core. May be negative. */
    CPU("source CPU", "%", Bound.UPPER),
    /** Growth of QEMU's resident memory on the source. */
    MEM("source memory", "MB", Bound.UPPER);

    /** Which side of a threshold is a violation. */
    public enum Bound {
        /** More than the threshold is a violation: less is better. */
        UPPER,
        /** Less than the threshold is a violation: more is better. */
        LOWER
    }

    private final String description;
    private final String unit;
    private final Bound bound;

    Metric(String description, String unit, Bound bound) {
        this.description = description;
        this.unit = unit;
        this.bound = bound;
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
            case PERF -> "%.2f".formatted(value);
            default -> (Math.abs(value) < 10 ? "%.1f %s" : "%.0f %s").formatted(value, unit);
        };
    }
}
