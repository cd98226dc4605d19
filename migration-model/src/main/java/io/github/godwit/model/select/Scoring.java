package io.github.godwit.model.select;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;

/**
 * The scores of all techniques under a policy: which are compared, and equations 4 and 6 of [FGCS 2025] for those.
 * {@link TechniqueSelector} describes how they are weighed.
 */
@SuppressWarnings("EnumOrdinal") // indexes of arrays that live as long as the enums
final class Scoring {

    /** Whether a technique is compared, and why not. */
    enum Standing {
        COMPARED,
        UNAVAILABLE,
        UNPREDICTED,
        NOT_CONVERGING,
        TOO_LITTLE_KNOWN
    }

    /** Largest difference in expected violation, as a share of the total weight, that is weighed against the objective. */
    private static final double MAX_TOLERANCE = 0.05;

    /** The expected violation that the largest possible gain in the objective outweighs. */
    private static final double OBJECTIVE_WORTH = 0.05;

    /**
     * What a pre-copy that is switched to post-copy while it runs costs in time and data, as a multiple of PRE-POST, which switches after its
     * first round: some rounds pass until it is known that they will not become short enough.
     */
    private static final double LATER_THAN_PRE_POST = 1.25;

    private static final Technique[] TECHNIQUES = Technique.values();
    private static final Metric[] METRICS = Metric.values();

    private final PredictionTable predictions;
    private final SloPolicy policy;
    private final Standing[] standings = new Standing[TECHNIQUES.length];
    private final double[] violations = new double[TECHNIQUES.length];
    private final double[] objectives = new double[TECHNIQUES.length];
    private final boolean[] fallback = new boolean[TECHNIQUES.length];
    private final double[] references = new double[METRICS.length];
    private boolean anyConverges;
    private double maxViolation;
    private double minObjective = Double.POSITIVE_INFINITY;
    private double objectiveRange;

    /**
     * Scores the techniques.
     *
     * @param watching whether migrations are switched to post-copy that do not end by themselves, where that is possible
     */
    Scoring(TechniqueAvailability availability, PredictionTable predictions, SloPolicy policy, boolean watching) {
        this.predictions = policy.eviction() ? predictions.untilSourceIsFree() : predictions;
        this.policy = policy;
        compareAvailable(availability, watching && policy.techniques().postcopy() != PostCopyUse.IF_NEEDED);
        dropNotConverging();
        keepOnlyPreCopyIfUnsure();
        computeReferences();
        score();
        computeObjectiveRange();
    }

    private void compareAvailable(TechniqueAvailability availability, boolean watching) {
        for (Technique technique : TECHNIQUES) {
            Standing standing = Standing.COMPARED;
            if (availability.unavailable().containsKey(technique)) {
                standing = Standing.UNAVAILABLE;
            } else if (!predictions.has(technique)) {
                standing = Standing.UNPREDICTED;
            } else {
                fallback[technique.ordinal()] =
                        watching && availability.canFallBack(technique) && predictions.has(Technique.PRE_POST_COPY);
                anyConverges |= ends(technique);
            }
            standings[technique.ordinal()] = standing;
        }
    }

    private void dropNotConverging() {
        for (Technique technique : TECHNIQUES) {
            if (anyConverges && isCompared(technique) && !ends(technique)) {
                standings[technique.ordinal()] = Standing.NOT_CONVERGING;
            }
        }
    }

    private void keepOnlyPreCopyIfUnsure() {
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

    /** For each optimised metric: the threshold of its SLO, else PRE's prediction, else the largest prediction among those compared. */
    private void computeReferences() {
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
                double violation = 0;
                double certain = 0;
                for (int i = 0; i < policy.slos().size(); i++) {
                    Slo slo = policy.slos().get(i);
                    violation += expectedViolation(technique, slo);
                    certain += slo.violation(predictions.value(technique, slo.metric()));
                }
                violations[technique.ordinal()] = violation;
                objectives[technique.ordinal()] = gains(technique);
                least = Math.min(least, violation);
                chance = Math.max(chance, violation - certain);
            }
        }
        maxViolation = least + Math.min(MAX_TOLERANCE, chance);
    }

    /**
     * The mean over both ways in which a migration may go: it ends by itself, or it does not. Then it violates SLOs on what only a completed
     * migration has, or costs what post-copy does if it can be switched.
     */
    private double expectedViolation(Technique technique, Slo slo) {
        double ends = predictions.endProbability(technique);
        double itself = slo.expectedViolation(
                predictions.low(technique, slo.metric()), predictions.high(technique, slo.metric()));
        if (!fallback[technique.ordinal()]) {
            return itself + (1 - ends) * slo.violationByNoEnd();
        }
        double times = switchedTimes(slo.metric());
        double switched = slo.expectedViolation(
                times * predictions.low(Technique.PRE_POST_COPY, slo.metric()),
                times * predictions.high(Technique.PRE_POST_COPY, slo.metric()));
        return ends * itself + (1 - ends) * switched;
    }

    private static double switchedTimes(Metric metric) {
        return metric == Metric.TOTAL_TIME || metric == Metric.TRANSFERRED_DATA ? LATER_THAN_PRE_POST : 1;
    }

    private double gains(Technique technique) {
        double objective = 0;
        for (Metric metric : METRICS) {
            Double weight = policy.optimize().get(metric);
            if (weight != null) {
                objective += weight * gain(metric, expected(technique, metric), reference(metric));
            }
        }
        return objective;
    }

    /** The expected value of a metric, over both ways in which a migration may go that can be switched to post-copy. */
    private double expected(Technique technique, Metric metric) {
        double itself = predictions.value(technique, metric);
        if (!fallback[technique.ordinal()]) {
            return itself;
        }
        double ends = predictions.endProbability(technique);
        return ends * itself + (1 - ends) * switchedTimes(metric) * predictions.value(Technique.PRE_POST_COPY, metric);
    }

    /** Whether a migration is expected to end: by itself, or because it is switched to post-copy. */
    private boolean ends(Technique technique) {
        return predictions.converges(technique) || fallback[technique.ordinal()];
    }

    /** O_rel of equation 5 without the weight: relative distance from the threshold, positive on the good side. */
    static double gain(Metric metric, double value, double threshold) {
        double distance = metric.bound() == Metric.Bound.UPPER ? threshold - value : value - threshold;
        return distance / Slo.scale(threshold);
    }

    /** From the smallest objective among techniques with a tolerated violation to that of a migration without costs. */
    private void computeObjectiveRange() {
        for (Technique technique : TECHNIQUES) {
            if (isTolerated(technique)) {
                minObjective = Math.min(minObjective, objective(technique));
            }
        }
        double ideal = 0;
        for (Metric metric : METRICS) {
            Double weight = policy.optimize().get(metric);
            if (weight != null) {
                ideal += weight * gain(metric, metric.bound() == Metric.Bound.UPPER ? 0 : 1, reference(metric));
            }
        }
        objectiveRange = ideal - minObjective;
    }

    private boolean isTolerated(Technique technique) {
        return isCompared(technique) && violation(technique) <= maxViolation;
    }

    /** Whether a technique is compared, and why not. */
    Standing standing(Technique technique) {
        return standings[technique.ordinal()];
    }

    private boolean isCompared(Technique technique) {
        return standing(technique) == Standing.COMPARED;
    }

    /** Whether any technique that can run is expected to end. */
    boolean anyConverges() {
        return anyConverges;
    }

    /** Expected weighted extent of violation: equation 4 over the prediction interval. */
    double violation(Technique technique) {
        return violations[technique.ordinal()];
    }

    /** The objective, equation 6. */
    double objective(Technique technique) {
        return objectives[technique.ordinal()];
    }

    /** The threshold of equation 5 for an optimised metric. */
    double reference(Metric metric) {
        return references[metric.ordinal()];
    }

    /**
     * Compares two techniques: by violation, reduced by the worth of the objective if the violation is tolerated; then
     * by the larger objective (equations 7 and 8); then by the order of the enum. Negative if the first is better.
     */
    int compare(Technique one, Technique other) {
        int byViolation = Double.compare(adjustedViolation(one), adjustedViolation(other));
        if (byViolation != 0) {
            return byViolation;
        }
        int byObjective = Double.compare(objective(other), objective(one));
        return byObjective != 0 ? byObjective : one.compareTo(other);
    }

    /** Reducing only tolerated violations keeps these techniques before all others. */
    private double adjustedViolation(Technique technique) {
        double violation = violation(technique);
        if (!isTolerated(technique) || objectiveRange <= 0) {
            return violation;
        }
        return violation - OBJECTIVE_WORTH * (objective(technique) - minObjective) / objectiveRange;
    }

    /** The best technique, or null when none is compared. */
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
