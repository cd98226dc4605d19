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

/**
 * What the latest migrations of a host say about its predictions: each metric is off by so much, and its intervals are too
 * narrow by so much. ModelOptions are trained elsewhere, on plain QEMU; what libvirt adds, and what a host has of its own, shows in
 * every migration and is made good until a model is trained on it (SPEC G17).
 *
 * <p>The offset is the median of what was measured above what was predicted, which a few migrations that went quite another
 * way do not move; where their errors point either way, as chance has it, there is none. The margin widens the interval, shifted by the
 * offset, until it holds nine tenths of them: the conformity score of conformalized quantile regression (Romano, Patterson, Candès,
 * NeurIPS 2019), counted in half intervals since metrics span decades, and never below zero. Both count apart for pre-copy and
 * post-copy, in which the VM changes hosts in different ways; while there are few of one way, it is taken to be as all are, so
 * that no way looks better only because it was not tried.
 *
 * @param shifts at most one for each metric and way to change hosts
 */
public record Recalibration(List<Shift> shifts) {

    /** Nothing is known; predictions stay as they are. */
    public static final Recalibration NONE = new Recalibration(List.of());

    /** Fewer migrations say nothing about the next. */
    public static final int LEAST = 5;

    /** So many of the latest migrations of either way are worth looking at: enough, and soon replaced when things change. */
    public static final int WINDOW = 60;

    private static final double CHANCE = 0.2;
    private static final double COVERAGE = 0.9;

    /** A prediction that is too high for most may be right for small VMs: it is at most halved. */
    private static final double MOST_TAKEN = 0.5;

    /** Intervals are taken to reach at least so far, as a share of the value, when what they miss is counted. */
    private static final double NARROWEST = 0.1;

    private static final Technique[] TECHNIQUES = Technique.values();

    /**
     * How far off one metric is.
     *
     * @param metric     the metric
     * @param postCopy   whether of techniques that end in post-copy, or of the others
     * @param offset     what is added to predictions, in the metric's unit
     * @param margin     by how many halves of itself an interval is widened at either end, not negative
     * @param migrations how many say so
     */
    public record Shift(Metric metric, boolean postCopy, double offset, double margin, int migrations) {
        /**
         * @throws IllegalArgumentException when the offset is no number or the margin is negative
         */
        public Shift {
            Checks.present("metric of a shift", metric);
            if (!Double.isFinite(offset)) {
                throw new IllegalArgumentException(
                        "The offset of %s (%s) must be a finite number.".formatted(metric, offset));
            }
            Checks.notNegative("margin of " + metric, margin);
        }

        private Estimate shifted(double value, double low, double high) {
            return new Estimate(possible(value, value), possible(value, low), possible(value, high));
        }

        /** What an end of an interval, or its value, becomes; all three by the same rule, so that they keep their order. */
        private double possible(double value, double end) {
            if (metric == Metric.CPU) {
                return end + offset; // a VM that is throttled or has left takes less than before
            }
            return end + Math.max(offset, -MOST_TAKEN * value);
        }
    }

    /**
     * A migration that was made.
     *
     * @param technique how
     * @param predicted what was predicted for it, without any recalibration
     * @param measured  what it cost; a metric that could not be measured is missing
     */
    public record Made(Technique technique, Prediction predicted, Map<Metric, Double> measured) {}

    /**
     * @throws IllegalArgumentException when a shift is missing
     */
    public Recalibration {
        shifts = List.copyOf(Checks.present("shifts", shifts));
    }

    /**
     * What migrations say. Those that were not expected to end are passed over, since what is predicted for them is their time limit,
     * and those of VMs of which too little was known.
     *
     * @param made migrations that ended; each counts the same
     */
    public static Recalibration of(Collection<Made> made) {
        List<Shift> shifts = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            List<Made> known = made.stream()
                    .filter(each ->
                            each.predicted().converges() && each.predicted().basis() != Basis.UNSURE)
                    .filter(each -> each.measured().get(metric) != null)
                    .toList();
            for (boolean postCopy : new boolean[] {false, true}) {
                List<Made> alike = known.stream()
                        .filter(each -> each.technique().isPostCopy() == postCopy)
                        .toList();
                List<Made> telling = alike.size() < LEAST ? known : alike;
                if (telling.size() >= LEAST) {
                    shifts.add(shift(metric, postCopy, telling));
                }
            }
        }
        return new Recalibration(shifts);
    }

    private static Shift shift(Metric metric, boolean postCopy, List<Made> made) {
        double[] errors = made.stream()
                .mapToDouble(
                        each -> each.measured().get(metric) - each.predicted().value(metric))
                .sorted()
                .toArray();
        double median = (errors[(errors.length - 1) / 2] + errors[errors.length / 2]) / 2;
        Shift shift = new Shift(metric, postCopy, leans(errors) ? median : 0, 0, made.size());
        double[] scores = made.stream()
                .mapToDouble(each -> score(
                        shift,
                        each.predicted().estimates().get(metric),
                        each.measured().get(metric)))
                .sorted()
                .toArray();
        int rank = Math.min(scores.length, (int) Math.ceil((scores.length + 1) * COVERAGE));
        return new Shift(metric, postCopy, shift.offset(), Math.max(0, scores[rank - 1]), made.size());
    }

    /** By how many halves of an interval, once it is shifted, a value lies outside; negative within. */
    private static double score(Shift shift, Estimate plain, double measured) {
        Estimate shifted = shift.shifted(plain.value(), plain.low(), plain.high());
        double outside = Math.max(shifted.low() - measured, measured - shifted.high());
        return outside / half(shifted);
    }

    private static double half(Estimate estimate) {
        double least = Math.max(NARROWEST * Math.abs(estimate.value()), Double.MIN_NORMAL);
        return Math.max((estimate.high() - estimate.low()) / 2, least);
    }

    /** Whether so many errors point one way that chance would have it in one of five cases at most (sign test, of either way). */
    private static boolean leans(double[] errors) {
        long above = Arrays.stream(errors).filter(error -> error > 0).count();
        long below = Arrays.stream(errors).filter(error -> error < 0).count();
        double tail = 0;
        double chance = Math.pow(0.5, errors.length);
        for (int fewer = 0; fewer <= errors.length - Math.max(above, below); fewer++) {
            tail += chance;
            chance *= (errors.length - fewer) / (fewer + 1.0);
        }
        return tail <= CHANCE;
    }

    /** Shifts all predictions of a table, but for those that rest on too little or are those at a time limit. */
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
        double wider = shift.margin() * half(shifted);
        double low = shifted.low() - wider;
        table.set(
                technique,
                metric,
                shifted.value(),
                metric == Metric.CPU ? low : Math.min(shifted.value(), Math.max(0, low)),
                shifted.high() + wider);
    }
}
