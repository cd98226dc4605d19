package io.github.godwit.model.select;

import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.select.Choice.Rejection;
import io.github.godwit.model.select.Choice.Score;
import io.github.godwit.model.select.Scoring.Standing;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.technique.TechniqueConstraint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Chooses the technique for one migration under a policy ([FGCS 2025], section 5.2.3, equations 1 to 8).
 *
 * <p>Among the techniques that can run and are expected to complete, it chooses the one with the smallest weighted SLO
 * violation, and among those with equal violation the one with the largest objective. A further tie goes to the
 * technique that comes first in {@link Technique}, which is the simplest. Techniques that are not expected to complete
 * within their time limit are compared only if no other technique is left: the equations would otherwise prefer a
 * pre-copy that never completes to a post-copy that is slow for a second.
 *
 * <p>The violation of a technique is the expected one ({@link Slo#expectedViolation}), which depends on the width of
 * the prediction intervals and on the probability of completing ({@link Slo#violationByNoEnd}). The objective uses
 * predicted values. If the expected violations of techniques differ by no more than their uncertainty, and by at most a
 * twentieth of the total weight, they are weighed against the objective: its largest possible gain outweighs another
 * twentieth. With exact predictions this is the same as equations 1 to 8.
 *
 * <p>A pre-copy that can be switched to post-copy while it runs ({@link TechniqueAvailability#canFallBack}) is expected to end. With the
 * probability that it does not end by itself, it costs what PRE-POST costs, and somewhat more time and data.
 *
 * <p>If too little is known about the VM even for a simulation, PRE is chosen: it is the simplest, can be cancelled,
 * and never leaves a VM without its pages.
 *
 * <p>What the policy rules out ({@link SloPolicy#constraint}) is not available. Under {@link PostCopyUse#IF_NEEDED} neither is post-copy as
 * long as a technique without it is expected to end within its time limit.
 *
 * <p>SCATTER-GATHER is compared only under a policy that counts TT until the source is free, and only where that is clearly earlier than by any
 * other technique ({@link SloPolicy#eviction}).
 *
 * <p>If an optimised metric has no SLO, its threshold is PRE's prediction, so that the objective is the share saved
 * compared with pre-copy; or, without a prediction for PRE, the largest prediction among the candidates.
 */
public final class TechniqueSelector {

    private final boolean watching;

    /** Chooses for migrations that are watched: some that do not end by themselves are switched to post-copy while they run. */
    public TechniqueSelector() {
        this(true);
    }

    private TechniqueSelector(boolean watching) {
        this.watching = watching;
    }

    /** Chooses for migrations of which nothing is changed while they run. */
    public static TechniqueSelector unwatched() {
        return new TechniqueSelector(false);
    }

    /**
     * Chooses a technique and explains the choice.
     *
     * @param availability the techniques that can run, and why the others cannot
     * @param predictions  the prediction of each technique; a technique without one cannot be chosen
     * @param policy       the operator's policy
     * @throws NoTechniqueException when no technique can run or has a prediction; the message contains the reason for each
     */
    public Choice select(TechniqueAvailability availability, Map<Technique, Prediction> predictions, SloPolicy policy) {
        PredictionTable table = PredictionTable.of(predictions);
        TechniqueAvailability usable = usable(availability, table, policy);
        Scoring scoring = new Scoring(usable, table, policy, watching);
        List<Rejection> rejected = rejected(usable, scoring);
        if (scoring.best() == null) {
            throw new NoTechniqueException(rejected);
        }
        List<Score> scores = Arrays.stream(Technique.values())
                .filter(technique -> scoring.standing(technique) == Standing.COMPARED)
                .sorted(scoring::compare)
                .map(technique -> score(technique, predictions.get(technique), policy, scoring))
                .toList();
        List<Score> explained = ChoiceReasons.explain(scores, policy, scoring);
        Score best = explained.get(0);
        String reason = best.reason() + ChoiceReasons.basis(best.prediction());
        if (!scoring.anyConverges()) {
            reason += " No technique is expected to end within its time limit.";
        }
        return new Choice(best.technique(), policy, best.prediction(), reason, explained, rejected);
    }

    /**
     * Chooses a technique without an explanation and with hardly any garbage, for callers that compare many migrations.
     *
     * @param predictions the prediction of each technique
     * @return the technique that {@link #select} would choose
     * @throws NoTechniqueException when no technique can run or has a prediction; the message contains the reason for each
     */
    public Technique choose(TechniqueAvailability availability, PredictionTable predictions, SloPolicy policy) {
        TechniqueAvailability usable = usable(availability, predictions, policy);
        Scoring scoring = new Scoring(usable, predictions, policy, watching);
        Technique best = scoring.best();
        if (best == null) {
            throw new NoTechniqueException(rejected(usable, scoring));
        }
        return best;
    }

    /** The techniques that the policy lets be used, with these predictions. */
    private static TechniqueAvailability usable(
            TechniqueAvailability availability, PredictionTable predictions, SloPolicy policy) {
        TechniqueAvailability allowed = EarlyEviction.of(policy.constraint().of(availability), predictions, policy);
        if (policy.techniques().postcopy() != PostCopyUse.IF_NEEDED) {
            return allowed;
        }
        for (Technique technique : Technique.values()) {
            if (!technique.isPostCopy()
                    && !allowed.unavailable().containsKey(technique)
                    && predictions.has(technique)
                    && predictions.converges(technique)) {
                return TechniqueConstraint.withoutPostCopy(
                                "is not needed: %s is expected to end, and %s uses post-copy only if no technique without it does"
                                        .formatted(technique, policy.title()))
                        .of(allowed);
            }
        }
        return allowed;
    }

    private static List<Rejection> rejected(TechniqueAvailability availability, Scoring scoring) {
        List<Rejection> rejected = new ArrayList<>();
        for (Technique technique : Technique.values()) {
            String reason = switch (scoring.standing(technique)) {
                case COMPARED -> null;
                case UNAVAILABLE -> availability.unavailable().get(technique);
                case UNPREDICTED -> "no prediction was made for it";
                case NOT_CONVERGING -> "is not expected to end within its time limit";
                case TOO_LITTLE_KNOWN -> "too little is known about the VM";
            };
            if (reason != null) {
                rejected.add(new Rejection(technique, reason));
            }
        }
        return rejected;
    }

    private static Score score(Technique technique, Prediction prediction, SloPolicy policy, Scoring scoring) {
        return new Score(
                technique,
                prediction,
                policy.violatedBy(prediction).size(),
                scoring.violation(technique),
                scoring.objective(technique),
                "");
    }
}
