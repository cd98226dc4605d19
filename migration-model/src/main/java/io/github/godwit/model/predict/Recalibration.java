package io.github.godwit.model.predict;

import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Checks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Corrections of a host's predictions, derived from its latest migrations. Models are trained elsewhere, on plain QEMU.
 * What libvirt adds and what is specific to a host shows in each of its migrations, and is corrected until a model is
 * trained with it.
 *
 * <p>A metric is corrected by an offset, the median of measured minus predicted values, or by a factor, the median of measured by predicted
 * values, whichever explains the migrations better: libvirt adds about as much time to each migration, but a downtime that is three times
 * the predicted one for busy VMs is not half a second for idle ones. Medians are not moved by a few outliers. Nothing is corrected if the
 * signs of the errors could be due to chance. The margin widens the interval, shifted by the offset, until
 * it contains nine tenths of the measured values: the conformity score of conformalized quantile regression (Romano,
 * Patterson, Candès, NeurIPS 2019), in units of half intervals because metrics span decades, and never negative.
 * Pre-copy and post-copy are corrected separately because they switch over differently. While there are only few
 * migrations of one kind, all migrations are used for it, so that a kind does not look better only because it was not
 * tried. Only the downtime of post-copy is another thing than that of pre-copy ({@link Metric#DOWNTIME}).
 *
 * @param shifts at most one for each metric and kind of technique
 */
public record Recalibration(List<Shift> shifts) {

    /** No corrections. */
    public static final Recalibration NONE = new Recalibration(List.of());

    /** The smallest number of migrations from which corrections are derived. */
    public static final int MIN_MIGRATIONS = 5;

    /** How many of the latest migrations of each kind to use: enough for stable corrections, and few enough to follow changes. */
    public static final int WINDOW = 60;

    private static final double SIGNIFICANCE = 0.2;
    private static final double COVERAGE = 0.9;

    /** A prediction that is too high for most VMs may be right for small ones, so it is at most halved. */
    private static final double MAX_REDUCTION = 0.5;

    /** A factor has to leave less than this share of the error that an offset leaves. */
    private static final double CLEARLY = 0.9;

    /** Smallest half width of an interval in scores, as a share of the value. */
    private static final double MIN_HALF_WIDTH = 0.1;

    private static final Technique[] TECHNIQUES = Technique.values();

    /**
     * The correction of one metric.
     *
     * @param metric     the metric
     * @param postCopy   true for techniques that end in post-copy, false for the others
     * @param offset     added to predictions, in the metric's unit
     * @param factor     multiplies predictions; 1 with an offset, and also if it is 0 as from older host drivers
     * @param margin     how far the interval is widened at each end, in units of half its width; not negative
     * @param migrations the number of migrations it is derived from
     */
    public record Shift(Metric metric, boolean postCopy, double offset, double factor, double margin, int migrations) {

        /** No correction of the value. */
        static Shift none(Metric metric, boolean postCopy, int migrations) {
            return new Shift(metric, postCopy, 0, 1, 0, migrations);
        }

        /**
         * @throws IllegalArgumentException when the offset is not finite, or the factor or the margin is negative
         */
        public Shift {
            Checks.present("metric of a shift", metric);
            if (!Double.isFinite(offset)) {
                throw new IllegalArgumentException(
                        "The offset of %s (%s) must be a finite number.".formatted(metric, offset));
            }
            Checks.notNegative("factor of " + metric, factor);
            Checks.notNegative("margin of " + metric, margin);
            factor = factor == 0 ? 1 : factor;
        }

        private Shift withOffset(double by) {
            return new Shift(metric, postCopy, by, 1, 0, migrations);
        }

        private Shift withFactor(double by) {
            return new Shift(metric, postCopy, 0, by, 0, migrations);
        }

        private Shift withMargin(double by) {
            return new Shift(metric, postCopy, offset, factor, by, migrations);
        }

        private Estimate shifted(double value, double low, double high) {
            return new Estimate(bounded(value, value), bounded(value, low), bounded(value, high));
        }

        /** Shifts a value or an end of its interval; the same rule for all three keeps their order. */
        private double bounded(double value, double end) {
            if (metric == Metric.CPU) {
                return end + offset; // may be negative: a VM that is throttled or has left uses less CPU than before
            }
            return end * Math.max(factor, 1 - MAX_REDUCTION) + Math.max(offset, -MAX_REDUCTION * value);
        }
    }

    /**
     * A completed migration.
     *
     * @param technique the technique that was used
     * @param predicted its prediction, without any recalibration
     * @param measured  the measured values; a metric that could not be measured is missing
     */
    public record MeasuredMigration(Technique technique, Prediction predicted, Map<Metric, Double> measured) {}

    /**
     * @throws IllegalArgumentException when a shift is missing
     */
    public Recalibration {
        shifts = List.copyOf(Checks.present("shifts", shifts));
    }

    /**
     * Derives corrections from migrations. Skips migrations that were not expected to complete, because their predicted
     * values are those at the time limit, and migrations of VMs about which too little was known.
     *
     * @param made completed migrations, with equal weights
     */
    public static Recalibration of(Collection<MeasuredMigration> made) {
        List<Shift> shifts = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            List<MeasuredMigration> known = made.stream()
                    .filter(each ->
                            each.predicted().converges() && each.predicted().basis() != Basis.UNSURE)
                    .filter(each -> each.measured().get(metric) != null)
                    .toList();
            for (boolean postCopy : new boolean[] {false, true}) {
                List<MeasuredMigration> alike = known.stream()
                        .filter(each -> each.technique().isPostCopy() == postCopy)
                        .toList();
                boolean all = alike.size() < MIN_MIGRATIONS && metric != Metric.DOWNTIME;
                List<MeasuredMigration> evidence = all ? known : alike;
                if (evidence.size() >= MIN_MIGRATIONS) {
                    shifts.add(shift(metric, postCopy, evidence));
                }
            }
        }
        return new Recalibration(shifts);
    }

    private static Shift shift(Metric metric, boolean postCopy, List<MeasuredMigration> made) {
        Shift shift = correction(metric, postCopy, made);
        double[] scores = made.stream()
                .mapToDouble(each -> score(
                        shift,
                        each.predicted().estimates().get(metric),
                        each.measured().get(metric)))
                .sorted()
                .toArray();
        int rank = Math.min(scores.length, (int) Math.ceil((scores.length + 1) * COVERAGE));
        return shift.withMargin(Math.max(0, scores[rank - 1]));
    }

    private static Shift correction(Metric metric, boolean postCopy, List<MeasuredMigration> made) {
        Shift none = Shift.none(metric, postCopy, made.size());
        double[] errors = sorted(
                made, each -> each.measured().get(metric) - each.predicted().value(metric));
        if (!isSystematic(errors)) {
            return none;
        }
        Shift offset = none.withOffset(median(errors));
        double floor = floor(metric);
        if (floor == 0) {
            return offset;
        }
        Shift factor = none.withFactor(median(sorted(
                made,
                each -> (each.measured().get(metric) + floor)
                        / (each.predicted().value(metric) + floor))));
        return remaining(factor, floor, made) < CLEARLY * remaining(offset, floor, made) ? factor : offset;
    }

    /** The resolution of a metric whose values span decades, so that errors may be factors; 0 for the others. */
    private static double floor(Metric metric) {
        return switch (metric) {
            case TOTAL_TIME, DOWNTIME -> 1;
            case TRANSFERRED_DATA, MEMORY -> 0.1;
            case PERFORMANCE, CPU -> 0;
        };
    }

    /** The median error that a correction leaves, as the logarithm of a factor. */
    private static double remaining(Shift shift, double floor, List<MeasuredMigration> made) {
        return median(sorted(made, each -> {
            double value = each.predicted().value(shift.metric());
            return Math.abs(
                    Math.log((each.measured().get(shift.metric()) + floor) / (shift.bounded(value, value) + floor)));
        }));
    }

    private static double[] sorted(List<MeasuredMigration> made, ToDoubleFunction<MeasuredMigration> of) {
        return made.stream().mapToDouble(of).sorted().toArray();
    }

    private static double median(double[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** How far a value lies outside the shifted interval, in units of half its width; negative inside. */
    private static double score(Shift shift, Estimate plain, double measured) {
        Estimate shifted = shift.shifted(plain.value(), plain.low(), plain.high());
        double outside = Math.max(shifted.low() - measured, measured - shifted.high());
        return outside / halfWidth(shifted);
    }

    private static double halfWidth(Estimate estimate) {
        double least = Math.max(MIN_HALF_WIDTH * Math.abs(estimate.value()), Double.MIN_NORMAL);
        return Math.max((estimate.high() - estimate.low()) / 2, least);
    }

    /** Whether at most one in five random samples would have so many errors of the same sign (two-sided sign test). */
    private static boolean isSystematic(double[] errors) {
        long above = Arrays.stream(errors).filter(error -> error > 0).count();
        long below = Arrays.stream(errors).filter(error -> error < 0).count();
        double tail = 0;
        double chance = Math.pow(0.5, errors.length);
        for (int fewer = 0; fewer <= errors.length - Math.max(above, below); fewer++) {
            tail += chance;
            chance *= (errors.length - fewer) / (fewer + 1.0);
        }
        return tail <= SIGNIFICANCE;
    }

    /** Corrects all predictions of a table, except those that are at the time limit or rest on too little knowledge about the VM. */
    public void apply(PredictionTable table) {
        for (Shift shift : shifts) {
            for (Technique technique : TECHNIQUES) {
                if (technique.isPostCopy() == shift.postCopy()
                        && table.has(technique)
                        && table.converges(technique)
                        && table.basis(technique) != Basis.UNSURE) {
                    apply(shift, technique, table);
                }
            }
        }
    }

    private static void apply(Shift shift, Technique technique, PredictionTable table) {
        Metric metric = shift.metric();
        Estimate shifted = shift.shifted(
                table.value(technique, metric), table.low(technique, metric), table.high(technique, metric));
        double wider = shift.margin() * halfWidth(shifted);
        double low = shifted.low() - wider;
        table.set(
                technique,
                metric,
                shifted.value(),
                metric == Metric.CPU ? low : Math.min(shifted.value(), Math.max(0, low)),
                shifted.high() + wider);
    }
}
