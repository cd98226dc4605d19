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
 * <p>SLOs are held against a cautious value, between the expected one and the bad end of its interval
 * ({@link Prediction#cautious}); the objective is of expected values.
 *
 * <p>Where too little is known of the VM even for a simulation, PRE is taken: it is the plainest, can be cancelled, and never
 * leaves a VM without its pages.
 *
 * <p>Where an optimised metric has no SLO, its threshold is what PRE is predicted to cost, so that the objective reads
 * "share saved against pre-copy"; without a prediction for PRE, the greatest prediction among the candidates.
 */
public final class TechniqueSelector {

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
        List<Score> scores = candidates.stream()
                .map(technique -> score(technique, predictions.get(technique), policy, references))
                .sorted(Score.BEST_FIRST)
                .toList();
        List<Score> explained = ChoiceReasons.explain(scores, policy, references);
        Score best = explained.get(0);
        String reason = best.reason() + ChoiceReasons.basis(best.prediction());
        if (!oneConverges) {
            reason += " No technique is expected to end within its time limit.";
        }
        return new Choice(best.technique(), policy.name(), best.prediction(), reason, explained, rejected);
    }

    private static Score score(
            Technique technique, Prediction prediction, SloPolicy policy, Map<Metric, Double> references) {
        int violations = 0;
        double violation = 0;
        for (Slo slo : policy.slos()) {
            double value = prediction.cautious(slo.metric());
            violations += slo.violatedBy(value) ? 1 : 0;
            violation += slo.violation(value);
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
