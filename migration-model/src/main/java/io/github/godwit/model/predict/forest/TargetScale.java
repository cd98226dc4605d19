package io.github.godwit.model.predict.forest;

import io.github.godwit.model.predict.Metric;

/**
 * The scale on which a metric is learned. Times and sizes span decades, so their logarithm is learned and an error is a
 * factor. A floor at the resolution of the measurement keeps the logarithm from exaggerating differences between tiny
 * values. PERF and CPU are learned on a linear scale.
 */
public final class TargetScale {

    private static final double FLOOR_MILLIS = 1;
    private static final double FLOOR_MEGABYTES = 0.1;
    private static final double PERCENT = 100;

    private TargetScale() {}

    /** The value on the scale of learning. */
    public static double encode(Metric metric, double value) {
        return switch (metric) {
            case TOTAL_TIME, DOWNTIME -> Math.log(Math.max(0, value) + FLOOR_MILLIS);
            case TRANSFERRED_DATA, MEMORY -> Math.log(Math.max(0, value) + FLOOR_MEGABYTES);
            case PERFORMANCE -> value;
            case CPU -> value / PERCENT;
        };
    }

    /** The nearest value in the metric's unit that can be measured: QEMU reports times in whole milliseconds. */
    public static double measurable(Metric metric, double encoded) {
        double value = decode(metric, encoded);
        return metric == Metric.TOTAL_TIME || metric == Metric.DOWNTIME ? Math.rint(value) : value;
    }

    /** Lower end of an interval in the metric's unit, at most the predicted value. */
    public static double low(Metric metric, double encoded, double encodedLow) {
        return Math.min(measurable(metric, encoded), decode(metric, encodedLow));
    }

    /** Upper end of an interval in the metric's unit, at least the predicted value. */
    public static double high(Metric metric, double encoded, double encodedHigh) {
        return Math.max(measurable(metric, encoded), decode(metric, encodedHigh));
    }

    /** The value in the metric's unit. */
    public static double decode(Metric metric, double encoded) {
        return switch (metric) {
            case TOTAL_TIME, DOWNTIME -> Math.max(0, Math.exp(encoded) - FLOOR_MILLIS);
            case TRANSFERRED_DATA, MEMORY -> Math.max(0, Math.exp(encoded) - FLOOR_MEGABYTES);
            case PERFORMANCE -> Math.max(0, encoded);
            case CPU -> encoded * PERCENT;
        };
    }
}
