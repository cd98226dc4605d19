package io.github.godwit.model.select;

import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.select.Choice.Rejection;
import io.github.godwit.model.select.Choice.Score;
import io.github.godwit.model.select.Scoring.Standing;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Chooses the technique for one migration under a policy (FGCS 2025 §5.2.3, equations 1–8; SPEC G7).
 *
 * <p>Of the techniques that can run and are expected to end, those with the least weighted SLO violation are kept; among
 * them the greatest objective wins. A tie beyond that goes to the technique that stands first in {@link Technique}, the
 * plainest. A technique that is not expected to end within its time limit is compared only when none is: the equations
 * would otherwise prefer an endless pre-copy to a post-copy that is slow for a second.
 *
 * <p>The violation of a technique is the one to be expected ({@link Slo#expectedViolation}), which reckons with the width of
 * its prediction's intervals, and with how likely it ends at all ({@link Slo#violationByNoEnd}); the objective is of predicted
 * values. Between techniques whose expected violations differ by no more than chance may account for, and by no more than a
 * twentieth of the whole weight, the objective has a say: the most that it could still gain outweighs as much again.
 * With exact predictions these are equations 1 to 8 to the letter.
 *
 * <p>Where too little is known of the VM even for a simulation, PRE is taken: it is the plainest, can be cancelled, and never
 * leaves a VM without its pages.
 *
 * <p>Where an optimised metric has no SLO, its threshold is what PRE is predicted to cost, so that the objective reads
 * "share saved against pre-copy"; without a prediction for PRE, the greatest prediction among the candidates.
 */
public final class TechniqueSelector {

    /**
     * Chooses, and says why.
     *
     * @param availability which techniques can run, and why not the others
     * @param predictions  what each would cost; a technique without a prediction cannot be chosen
     * @param policy       the operator's wishes
     * @throws NoTechniqueException when none can run or none is predicted; it tells the reason for each
     */
    public Choice select(TechniqueAvailability availability, Map<Technique, Prediction> predictions, SloPolicy policy) {
        Scoring scoring = new Scoring(availability, PredictionTable.of(predictions), policy);
        List<Rejection> rejected = rejected(availability, scoring);
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
        if (!scoring.oneEnds()) {
            reason += " No technique is expected to end within its time limit.";
        }
        return new Choice(best.technique(), policy.name(), best.prediction(), reason, explained, rejected);
    }

    /**
     * Chooses without a word, and nearly without garbage: for those who weigh many moves.
     *
     * @param predictions what each would cost
     * @return what {@link #select} would choose
     * @throws NoTechniqueException when none can run or none is predicted; it tells the reason for each
     */
    public Technique choose(TechniqueAvailability availability, PredictionTable predictions, SloPolicy policy) {
        Scoring scoring = new Scoring(availability, predictions, policy);
        Technique best = scoring.best();
        if (best == null) {
            throw new NoTechniqueException(rejected(availability, scoring));
        }
        return best;
    }

    private static List<Rejection> rejected(TechniqueAvailability availability, Scoring scoring) {
        List<Rejection> rejected = new ArrayList<>();
        for (Technique technique : Technique.values()) {
            String reason = switch (scoring.standing(technique)) {
                case COMPARED -> null;
                case UNAVAILABLE -> availability.unavailable().get(technique);
                case UNPREDICTED -> "no prediction was made for it";
                case ENDLESS -> "is not expected to end within its time limit";
                case TOO_LITTLE_KNOWN -> "too little is known of the VM";
            };
            if (reason != null) {
                rejected.add(new Rejection(technique, reason));
            }
        }
        return rejected;
    }

    private static Score score(Technique technique, Prediction prediction, SloPolicy policy, Scoring scoring) {
        int violations = 0;
        for (Slo slo : policy.slos()) {
            violations += slo.violatedBy(prediction.value(slo.metric())) ? 1 : 0;
        }
        return new Score(
                technique, prediction, violations, scoring.violation(technique), scoring.objective(technique), "");
    }
}
