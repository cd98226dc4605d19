package io.github.godwit.model.select;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.unit.Checks;
import java.util.Map;

/**
 * Whether a technique is better than another however the two predictions turn out: where every metric of both comes to the bad
 * end of its interval it must not be worse, where every metric comes to the good end it must not be either, and in one of these it must be
 * better. What is compared is weighted violation, then objective (FGCS 2025, equations 4 and 6). For who would depart from what
 * is done without Godwit on the word of a profile that is known in part.
 */
public final class IntervalComparison {

    private final SloPolicy policy;

    /**
     * @param policy what good and bad mean
     */
    public IntervalComparison(SloPolicy policy) {
        this.policy = Checks.present("policy", policy);
    }

    /** Whether the interval of one prediction is better than that of the other. */
    public boolean isBetter(Prediction one, Prediction other) {
        if (one.endProbability() < other.endProbability()) {
            return false;
        }
        int atWorst = compare(one, other, true);
        int atBest = compare(one, other, false);
        return atWorst <= 0 && atBest <= 0 && atWorst + atBest < 0;
    }

    /** Negative where the first is better with all metrics at the bad, or good, ends of their intervals. */
    private int compare(Prediction one, Prediction other, boolean atWorst) {
        int byViolation = Double.compare(violation(one, atWorst), violation(other, atWorst));
        return byViolation != 0 ? byViolation : Double.compare(cost(one, other, atWorst), cost(other, other, atWorst));
    }

    private double violation(Prediction prediction, boolean atWorst) {
        double sum = 0;
        for (Slo slo : policy.slos()) {
            sum += slo.violation(end(prediction, slo.metric(), atWorst));
        }
        return sum;
    }

    /** The objective, the other way round; an optimised metric without an SLO is measured in what the other technique takes. */
    private double cost(Prediction prediction, Prediction reference, boolean atWorst) {
        double sum = 0;
        for (Map.Entry<Metric, Double> weight : policy.optimize().entrySet()) {
            Metric metric = weight.getKey();
            double value = end(prediction, metric, atWorst);
            double scale = Slo.scale(policy.slo(metric).map(Slo::threshold).orElse(Math.abs(reference.value(metric))));
            sum += weight.getValue() * (metric.bound() == Metric.Bound.UPPER ? value : -value) / scale;
        }
        return sum;
    }

    private static double end(Prediction prediction, Metric metric, boolean atWorst) {
        Estimate estimate = prediction.estimates().get(metric);
        return (metric.bound() == Metric.Bound.UPPER) == atWorst ? estimate.high() : estimate.low();
    }
}
