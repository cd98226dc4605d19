package io.github.godwit.training.evaluate;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.RelativeError;
import java.util.ArrayList;
import java.util.List;

/**
 * The errors of predictions of one metric, in its unit.
 *
 * <p>Geometric means, as in [FGCS 2025]: a few large errors do not hide the usual ones. A few tiny errors do not hide them either,
 * because an error counts as at least the resolution of the measurement.
 *
 * @param count      number of predictions
 * @param gmae       geometric mean of the absolute errors
 * @param gmre       geometric mean of the relative errors
 * @param nrmse      root of the mean squared error, divided by the range of the measured values
 * @param coverage90 share of the measured values within the 90 % intervals
 * @param median     median of the relative errors
 * @param p90        90th percentile of the relative errors
 * @param width      median width of the intervals, relative like the errors
 */
public record ErrorSummary(
        int count, double gmae, double gmre, double nrmse, double coverage90, double median, double p90, double width) {

    /**
     * One prediction and the measured value.
     *
     * @param predicted the predicted value
     * @param low       lower end of its interval
     * @param high      upper end of its interval
     * @param measured  the measured value
     * @param vcpuUse   CPU use of the VM before the migration, in cores
     */
    public record Pair(double predicted, double low, double high, double measured, double vcpuUse) {}

    /** Summarises pairs of one metric. */
    public static ErrorSummary of(Metric metric, List<Pair> pairs) {
        double logAbsolute = 0;
        double logRelative = 0;
        double squares = 0;
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        int covered = 0;
        List<Double> relatives = new ArrayList<>();
        List<Double> widths = new ArrayList<>();
        for (Pair pair : pairs) {
            double error = Math.abs(pair.predicted() - pair.measured());
            double absolute = Math.max(error, RelativeError.resolution(metric));
            double relative = absolute / RelativeError.scale(metric, pair.measured(), pair.vcpuUse());
            logAbsolute += Math.log(absolute);
            logRelative += Math.log(relative);
            squares += error * error;
            least = Math.min(least, pair.measured());
            greatest = Math.max(greatest, pair.measured());
            covered += pair.low() <= pair.measured() && pair.measured() <= pair.high() ? 1 : 0;
            relatives.add(relative);
            widths.add((pair.high() - pair.low()) / RelativeError.scale(metric, pair.measured(), pair.vcpuUse()));
        }
        int count = pairs.size();
        relatives.sort(null);
        widths.sort(null);
        return new ErrorSummary(
                count,
                Math.exp(logAbsolute / count),
                Math.exp(logRelative / count),
                greatest > least ? Math.sqrt(squares / count) / (greatest - least) : 0,
                (double) covered / count,
                count == 0 ? Double.NaN : relatives.get(count / 2),
                count == 0 ? Double.NaN : relatives.get(Math.min(count - 1, (int) (0.9 * count))),
                count == 0 ? Double.NaN : widths.get(count / 2));
    }
}
