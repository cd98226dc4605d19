package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Checks;
import java.util.Collection;
import java.util.List;

/**
 * How far the durations of migrations are from their predictions. One predictor, one link and one profile of the hosts are behind all
 * migrations of a plan; therefore a part of their errors is common to them. The rest averages out over a plan.
 *
 * <p>Learned from plans that have run. The error of a migration counts in standard deviations of its own predicted interval. The mean
 * square of all errors says how much wider or narrower the intervals should have been; the mean product of two errors of the same plan,
 * as a part of it, how much is common (the intraclass correlation). What is {@link #ASSUMED} counts as much as a few plans, so that one
 * plan does not decide.
 *
 * @param common share of the variance that all migrations of a plan have in common, 0 to 1
 * @param scale  real errors over predicted ones, above 0: intervals are so many times as wide as those of the single predictions
 */
public record DurationErrors(double common, double scale) {

    /** Half of the variance is common, and intervals are as wide as they should be. */
    public static final DurationErrors ASSUMED = new DurationErrors(0.5, 1);

    /** Half width of a 90 % interval of the normal distribution, in standard deviations. */
    private static final double QUANTILE_95 = 1.6449;

    /** A single migration that took ten times as long as predicted says little about the others. */
    private static final double MOST_ERROR = 4;

    /** So many independent errors, and so many plans, is what is assumed worth. */
    private static final double ASSUMED_ERRORS = 3;

    private static final double ASSUMED_PLANS = 4;

    private static final double LEAST_SCALE = 0.25;
    private static final double MOST_SCALE = 3;
    private static final double LEAST_COMMON = 0.1;

    /**
     * @throws IllegalArgumentException when a value is out of its range
     */
    public DurationErrors {
        if (!(common >= 0 && common <= 1)) {
            throw new IllegalArgumentException("The common share of errors (%s) must be 0 to 1.".formatted(common));
        }
        Checks.positive("scale of errors", scale);
    }

    /**
     * The error of one migration.
     *
     * @param predicted its predicted duration with its interval, in any unit
     * @param real      how long it took
     * @return in standard deviations of the prediction; positive if it took longer. At most 4 on either side
     */
    public static double error(Interval predicted, double real) {
        double side =
                real >= predicted.value() ? predicted.high() - predicted.value() : predicted.value() - predicted.low();
        double deviations = QUANTILE_95 * (real - predicted.value()) / Math.max(side, 1e-9);
        return Math.max(-MOST_ERROR, Math.min(MOST_ERROR, deviations));
    }

    /**
     * Learns from plans that have run.
     *
     * @param plans the errors of the migrations of each plan
     */
    public static DurationErrors of(Collection<List<Double>> plans) {
        double count = 0;
        double squares = 0;
        double pairs = 0;
        double products = 0;
        double several = 0;
        for (List<Double> errors : plans) {
            double sum = errors.stream().mapToDouble(each -> each).sum();
            double ofPlan = errors.stream().mapToDouble(each -> each * each).sum();
            count += errors.size();
            squares += ofPlan;
            pairs += errors.size() * (errors.size() - 1.0);
            products += sum * sum - ofPlan;
            several += errors.size() > 1 ? 1 : 0;
        }
        double measured = squares == 0 || pairs == 0 ? 0 : products / pairs / (squares / count);
        double common = mixed(ASSUMED.common(), ASSUMED_PLANS, Math.max(0, Math.min(1, measured)), several);
        double independent = 0;
        for (List<Double> errors : plans) {
            independent += errors.isEmpty() ? 0 : errors.size() / (1 + (errors.size() - 1) * common);
        }
        double square = mixed(ASSUMED.scale(), ASSUMED_ERRORS, count == 0 ? 1 : squares / count, independent);
        return new DurationErrors(
                Math.max(LEAST_COMMON, common), Math.max(LEAST_SCALE, Math.min(MOST_SCALE, Math.sqrt(square))));
    }

    private static double mixed(double assumed, double weight, double measured, double measurements) {
        return (weight * assumed + measurements * measured) / (weight + measurements);
    }
}
