package io.github.godwit.model.select;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.unit.Checks;
import java.util.Map;

/**
 * Whether one technique is better than another over their whole prediction intervals. It must not be worse if every
 * metric of both is at the bad end of its interval, nor if every metric is at the good end, and it must be better in
 * one of these two cases. Compared are the weighted violation, then the objective ([FGCS 2025], equations 4 and 6).
 * Used when a decision that rests on a partial profile would differ from what Nova does without Godwit.
 */
public final class IntervalComparison {

    private final SloPolicy policy;

    /**
     * @param policy the policy to compare by
     */
    public IntervalComparison(SloPolicy policy) {
        this.policy = Checks.present("policy", policy);
    }

    /** Whether one prediction is better than the other over their intervals. */
    public boolean isBetter(Prediction one, Prediction other) {
        if (one.endProbability() < other.endProbability()) {
            return false;
        }
        int atWorst = compare(one, other, true);
        int atBest = compare(one, other, false);
        return atWorst <= 0 && atBest <= 0 && atWorst + atBest < 0;
    }

    /** Compares with all metrics at the bad or the good ends of their intervals. Negative if the first is better. */
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

    /** The negated objective. An optimised metric without an SLO is relative to the value of the other technique. */
    private double cost(Prediction prediction, Prediction reference, boolean atWorst) {
        double sum = 0;
        for (Map.Entry<Metric, Double> weight : policy.optimize().entrySet()) {
            Metric metric = weight.getKey();
            double value = end(prediction, metric, atWorst);
            double scale = Slo.scale(policy.slo(metric)
                    .map(Slo::threshold)
                    .orElse(Math.abs(policy.estimate(reference, metric).value())));
            sum += weight.getValue() * (metric.bound() == Metric.Bound.UPPER ? value : -value) / scale;
        }
        return sum;
    }

    private double end(Prediction prediction, Metric metric, boolean atWorst) {
        Estimate estimate = policy.estimate(prediction, metric);
        return (metric.bound() == Metric.Bound.UPPER) == atWorst ? estimate.high() : estimate.low();
    }
}
