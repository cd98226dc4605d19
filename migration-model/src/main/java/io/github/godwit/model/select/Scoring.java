package io.github.godwit.model.select;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;

/**
 * What each technique is worth under a policy, in numbers: which are compared, and equations 4 and 6 for those. How they are
 * weighed is told by {@link TechniqueSelector}.
 */
@SuppressWarnings("EnumOrdinal") // places in arrays that live as long as the enums
final class Scoring {

    /** Whether a technique is compared, and why not. */
    enum Standing {
        COMPARED,
        UNAVAILABLE,
        UNPREDICTED,
        ENDLESS,
        TOO_LITTLE_KNOWN
    }

    /** A difference in expected violation, as a share of the whole weight, that may be weighed against the objective. */
    private static final double NEARLY = 0.05;

    /** How much expected violation the whole of what the objective could gain outweighs. */
    private static final double WORTH = 0.05;

    private static final Technique[] TECHNIQUES = Technique.values();
    private static final Metric[] METRICS = Metric.values();

    private final PredictionTable predictions;
    private final SloPolicy policy;
    private final Standing[] standings = new Standing[TECHNIQUES.length];
    private final double[] violations = new double[TECHNIQUES.length];
    private final double[] objectives = new double[TECHNIQUES.length];
    private final double[] references = new double[METRICS.length];
    private boolean oneEnds;
    private double level;
    private double leastObjective = Double.POSITIVE_INFINITY;
    private double toGain;

    Scoring(TechniqueAvailability availability, PredictionTable predictions, SloPolicy policy) {
        this.predictions = predictions;
        this.policy = policy;
        compareAll(availability);
        dropEndless();
        dropAllButPreCopyWhereTooLittleIsKnown();
        refer();
        score();
        spanObjectives();
    }

    private void compareAll(TechniqueAvailability availability) {
        for (Technique technique : TECHNIQUES) {
            Standing standing = Standing.COMPARED;
            if (availability.unavailable().containsKey(technique)) {
                standing = Standing.UNAVAILABLE;
            } else if (!predictions.has(technique)) {
                standing = Standing.UNPREDICTED;
            } else {
                oneEnds |= predictions.converges(technique);
            }
            standings[technique.ordinal()] = standing;
        }
    }

    private void dropEndless() {
        for (Technique technique : TECHNIQUES) {
            if (oneEnds && isCompared(technique) && !predictions.converges(technique)) {
                standings[technique.ordinal()] = Standing.ENDLESS;
            }
        }
    }

    private void dropAllButPreCopyWhereTooLittleIsKnown() {
        boolean unsure = isCompared(Technique.PRE_COPY);
        for (Technique technique : TECHNIQUES) {
            unsure &= !isCompared(technique) || predictions.basis(technique) == Basis.UNSURE;
        }
        for (Technique technique : TECHNIQUES) {
            if (unsure && technique != Technique.PRE_COPY && isCompared(technique)) {
                standings[technique.ordinal()] = Standing.TOO_LITTLE_KNOWN;
            }
        }
    }

    /** For each optimised metric: its SLO's threshold, else PRE's prediction, else the greatest among those compared. */
    private void refer() {
        for (Metric metric : METRICS) {
            if (policy.optimize().containsKey(metric)) {
                references[metric.ordinal()] = Math.max(0, referenceFor(metric));
            }
        }
    }

    private double referenceFor(Metric metric) {
        for (int i = 0; i < policy.slos().size(); i++) {
            if (policy.slos().get(i).metric() == metric) {
                return policy.slos().get(i).threshold();
            }
        }
        if (predictions.has(Technique.PRE_COPY)) {
            return predictions.value(Technique.PRE_COPY, metric);
        }
        double greatest = Double.NEGATIVE_INFINITY;
        for (Technique technique : TECHNIQUES) {
            if (isCompared(technique)) {
                greatest = Math.max(greatest, predictions.value(technique, metric));
            }
        }
        return greatest;
    }

    private void score() {
        double least = Double.POSITIVE_INFINITY;
        double chance = 0;
        for (Technique technique : TECHNIQUES) {
            if (isCompared(technique)) {
                double expected = 0;
                double certain = 0;
                double byNoEnd = 0;
                for (int i = 0; i < policy.slos().size(); i++) {
                    Slo slo = policy.slos().get(i);
                    double value = predictions.value(technique, slo.metric());
                    expected += slo.expectedViolation(
                            predictions.low(technique, slo.metric()), predictions.high(technique, slo.metric()));
                    certain += slo.violation(value);
                    byNoEnd += slo.violationByNoEnd();
                }
                double violation = expected + (1 - predictions.endProbability(technique)) * byNoEnd;
                violations[technique.ordinal()] = violation;
                objectives[technique.ordinal()] = gains(technique);
                least = Math.min(least, violation);
                chance = Math.max(chance, violation - certain);
            }
        }
        level = least + Math.min(NEARLY, chance);
    }

    private double gains(Technique technique) {
        double objective = 0;
        for (Metric metric : METRICS) {
            Double weight = policy.optimize().get(metric);
            if (weight != null) {
                objective += weight * gain(metric, predictions.value(technique, metric), reference(metric));
            }
        }
        return objective;
    }

    /** O_rel of equation 5 without its weight: distance from the threshold on the good side, relative to it. */
    static double gain(Metric metric, double value, double threshold) {
        double distance = metric.bound() == Metric.Bound.UPPER ? threshold - value : value - threshold;
        return distance / Slo.scale(threshold);
    }

    /** From the least objective among techniques that are nearly as good in violation, to one that costs nothing. */
    private void spanObjectives() {
        for (Technique technique : TECHNIQUES) {
            if (isNear(technique)) {
                leastObjective = Math.min(leastObjective, objective(technique));
            }
        }
        double ideal = 0;
        for (Metric metric : METRICS) {
            Double weight = policy.optimize().get(metric);
            if (weight != null) {
                ideal += weight * gain(metric, metric.bound() == Metric.Bound.UPPER ? 0 : 1, reference(metric));
            }
        }
        toGain = ideal - leastObjective;
    }

    private boolean isNear(Technique technique) {
        return isCompared(technique) && violation(technique) <= level;
    }

    /** Whether a technique is compared, and why not. */
    Standing standing(Technique technique) {
        return standings[technique.ordinal()];
    }

    private boolean isCompared(Technique technique) {
        return standing(technique) == Standing.COMPARED;
    }

    /** Whether any technique that can run is expected to end. */
    boolean oneEnds() {
        return oneEnds;
    }

    /** Weighted extent of violation that is to be expected: equation 4, over what may come. */
    double violation(Technique technique) {
        return violations[technique.ordinal()];
    }

    /** Equation 6. */
    double objective(Technique technique) {
        return objectives[technique.ordinal()];
    }

    /** The threshold that the objective of equation 5 is measured from, for an optimised metric. */
    double reference(Metric metric) {
        return references[metric.ordinal()];
    }

    /**
     * Which of two compared techniques is better: by violation; where both are near the least, less what their objectives are
     * worth; then greatest objective (equations 7 and 8), then the enum's order. Negative for the first.
     */
    int compare(Technique one, Technique other) {
        int byViolation = Double.compare(weighed(one), weighed(other));
        if (byViolation != 0) {
            return byViolation;
        }
        int byObjective = Double.compare(objective(other), objective(one));
        return byObjective != 0 ? byObjective : one.compareTo(other);
    }

    /** Those near the least violation come to less than the level in any case, so that they stay before all others. */
    private double weighed(Technique technique) {
        double violation = violation(technique);
        if (!isNear(technique) || toGain <= 0) {
            return violation;
        }
        return violation - WORTH * (objective(technique) - leastObjective) / toGain;
    }

    /** The best technique; null when none is compared. */
    Technique best() {
        Technique best = null;
        for (Technique technique : TECHNIQUES) {
            if (isCompared(technique) && (best == null || compare(technique, best) < 0)) {
                best = technique;
            }
        }
        return best;
    }
}
