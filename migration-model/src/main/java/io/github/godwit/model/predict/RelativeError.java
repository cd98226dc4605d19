package io.github.godwit.model.predict;

/**
 * The relative error of a prediction of one metric. It is at least what the measurement resolves, so that the geometric mean of many errors
 * ([FGCS 2025]) is not that of the few that happen to be zero.
 */
public final class RelativeError {

    private RelativeError() {}

    /**
     * The error, relative to the measured value: 0.1 for a tenth.
     *
     * @param vcpuUse CPU use of the VM before the migration, in cores
     */
    public static double of(Metric metric, double predicted, double measured, double vcpuUse) {
        return Math.max(Math.abs(predicted - measured), resolution(metric)) / scale(metric, measured, vcpuUse);
    }

    /** Smallest difference that the measurement resolves, for example a tenth of the millisecond that QEMU counts in, or a page. */
    public static double resolution(Metric metric) {
        return switch (metric) {
            case TOTAL_TIME, DOWNTIME -> 0.1;
            case TRANSFERRED_DATA -> 0.01;
            case PERFORMANCE -> 0.001;
            case CPU -> 0.1;
            case MEMORY -> 0.004;
        };
    }

    /**
     * The value that an error is relative to: the measured value. CPU is a difference that passes through zero, so its errors are
     * relative to QEMU's whole CPU time during the migration.
     *
     * @param vcpuUse CPU use of the VM before the migration, in cores
     */
    public static double scale(Metric metric, double measured, double vcpuUse) {
        return switch (metric) {
            case TOTAL_TIME, DOWNTIME -> Math.max(measured, 1);
            case TRANSFERRED_DATA, MEMORY -> Math.max(measured, 0.1);
            case PERFORMANCE -> Math.max(measured, 0.01);
            case CPU -> Math.max(1, measured + 100 * vcpuUse);
        };
    }
}
