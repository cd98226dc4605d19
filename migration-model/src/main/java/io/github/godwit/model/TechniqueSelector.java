package io.github.godwit.model;

import io.github.godwit.model.Choice.Rejection;
import io.github.godwit.model.Choice.Score;
import io.github.godwit.model.Prediction.Basis;
import java.util.ArrayList;
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
 * its prediction's intervals; the objective is of expected values. Techniques whose expected violations differ by no more than
 * chance may account for, and by no more than {@link #NEARLY}, count as equal. With exact predictions these are equations 1 to 8
 * to the letter.
 *
 * <p>Where too little is known of the VM even for a simulation, PRE is taken: it is the plainest, can be cancelled, and never
 * leaves a VM without its pages.
 *
 * <p>Where an optimised metric has no SLO, its threshold is what PRE is predicted to cost, so that the objective reads
 * "share saved against pre-copy"; without a prediction for PRE, the greatest prediction among the candidates.
 */
public final class TechniqueSelector {

    /** A difference in expected violation that is not worth a worse objective: a hundredth of the whole weight, over the limit. */
    private static final double NEARLY = 0.01;

    /**
     * Chooses.
     *
     * @param availability which techniques can run, and why not the others
     * @param predictions  what each would cost; a technique without a prediction cannot be chosen
     * @param policy       the operator's wishes
     * @throws NoTechniqueException when none can run or none is predicted; it tells the reason for each
     */
    public Choice select(TechniqueAvailability availability, Map<Technique, Prediction> predictions, SloPolicy policy) {
        List<Rejection> rejected = new ArrayList<>();
        List<Technique> candidates = new ArrayList<>();
        for (Technique technique : Technique.values()) {
            if (availability.unavailable().containsKey(technique)) {
                rejected.add(new Rejection(technique, availability.unavailable().get(technique)));
            } else if (!predictions.containsKey(technique)) {
                rejected.add(new Rejection(technique, "no prediction was made for it"));
            } else {
                candidates.add(technique);
            }
        }
        if (candidates.isEmpty()) {
            throw new NoTechniqueException(rejected);
        }
        boolean oneConverges = candidates.stream()
                .anyMatch(technique -> predictions.get(technique).converges());
        if (oneConverges) {
            candidates.removeIf(technique -> {
                boolean endless = !predictions.get(technique).converges();
                if (endless) {
                    rejected.add(new Rejection(technique, "is not expected to end within its time limit"));
                }
                return endless;
            });
        }
        boolean unsure = candidates.stream()
                .allMatch(technique -> predictions.get(technique).basis() == Basis.UNSURE);
        if (unsure && candidates.contains(Technique.PRE)) {
            candidates.stream()
                    .filter(technique -> technique != Technique.PRE)
                    .forEach(technique -> rejected.add(new Rejection(technique, "too little is known of the VM")));
            candidates.retainAll(List.of(Technique.PRE));
        }
        Map<Metric, Double> references = new ObjectiveReference(predictions, candidates).thresholds(policy);
        List<Score> scores = bestFirst(
                candidates.stream()
                        .map(technique -> score(technique, predictions.get(technique), policy, references))
                        .toList(),
                policy);
        List<Score> explained = ChoiceReasons.explain(scores, policy, references);
        Score best = explained.get(0);
        String reason = best.reason() + ChoiceReasons.basis(best.prediction());
        if (!oneConverges) {
            reason += " No technique is expected to end within its time limit.";
        }
        return new Choice(best.technique(), policy.name(), best.prediction(), reason, explained, rejected);
    }

    private static List<Score> bestFirst(List<Score> scores, SloPolicy policy) {
        double least = Double.POSITIVE_INFINITY;
        double chance = 0;
        for (Score score : scores) {
            least = Math.min(least, score.violation());
            double certain = 0;
            for (Slo slo : policy.slos()) {
                certain += slo.violation(score.prediction().value(slo.metric()));
            }
            chance = Math.max(chance, score.violation() - certain);
        }
        double level = least + Math.min(NEARLY, chance);
        return scores.stream().sorted(Score.bestFirst(level)).toList();
    }

    private static Score score(
            Technique technique, Prediction prediction, SloPolicy policy, Map<Metric, Double> references) {
        int violations = 0;
        double violation = 0;
        for (Slo slo : policy.slos()) {
            violations += slo.violatedBy(prediction.value(slo.metric())) ? 1 : 0;
            violation += slo.expectedViolation(prediction.estimates().get(slo.metric()));
        }
        double objective = 0;
        for (Map.Entry<Metric, Double> optimised : policy.optimize().entrySet()) {
            Metric metric = optimised.getKey();
            objective += optimised.getValue() * gain(metric, prediction.value(metric), references.get(metric));
        }
        return new Score(technique, prediction, violations, violation, objective, "");
    }

    /** O_rel of equation 5 without its weight: distance from the threshold on the good side, relative to it. */
    static double gain(Metric metric, double value, double threshold) {
        double distance = metric.bound() == Metric.Bound.UPPER ? threshold - value : value - threshold;
        return distance / Slo.scale(threshold);
    }
}
