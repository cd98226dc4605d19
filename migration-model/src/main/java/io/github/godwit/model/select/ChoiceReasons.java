package io.github.godwit.model.select;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.select.Choice.Score;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Explains in a sentence why each technique was or was not chosen. */
final class ChoiceReasons {

    /** From this probability of completing on, another reason decides. */
    private static final double LIKELY = 0.95;

    private ChoiceReasons() {}

    /** The same scores, best first, each with its reason. */
    static List<Score> explain(List<Score> scores, SloPolicy policy, Scoring scoring) {
        Score best = scores.get(0);
        List<Score> explained = new ArrayList<>();
        explained.add(withReason(best, whyBest(scores, policy, scoring)));
        for (Score score : scores.subList(1, scores.size())) {
            explained.add(withReason(score, whyNot(score, best, policy)));
        }
        return explained;
    }

    /** What a prediction is based on if that limits its accuracy, with a space before it; otherwise empty. */
    static String basis(Prediction prediction) {
        return switch (prediction.basis()) {
            case LEARNED, SIMULATED -> "";
            case UNFAMILIAR -> " The case is unlike those that the models were trained on, so it was simulated.";
            case UNSURE -> " Too little is known about the VM to predict it, so plain pre-copy is used.";
        };
    }

    private static Score withReason(Score score, String reason) {
        return new Score(
                score.technique(),
                score.prediction(),
                score.violations(),
                score.violation(),
                score.objective(),
                reason);
    }

    private static String whyBest(List<Score> scores, SloPolicy policy, Scoring scoring) {
        Score best = scores.get(0);
        String what =
                "%s (%s)".formatted(best.technique().id(), best.technique().description());
        String optimised = optimised(best, policy, scoring);
        long equals = scores.stream().filter(score -> score.violations() == 0).count();
        if (best.violations() > 0 && equals > 0) {
            return ("%s violates an SLO of %s by no more than the uncertainty of its prediction: %s. Weighing certainty and "
                            + "objective, it is better than those that keep all SLOs; %s.")
                    .formatted(what, policy.name(), broken(best, policy), optimised);
        }
        if (best.violations() > 0) {
            return "%s breaks the SLOs of %s least: %s; %s."
                    .formatted(what, policy.name(), broken(best, policy), optimised);
        }
        String kept = policy.slos().isEmpty() ? "is best under " : "keeps all SLOs of ";
        if (equals == 1 && scores.size() > 1) {
            return "%s is the only one that %s%s; %s.".formatted(what, kept, policy.name(), optimised);
        }
        String how =
                best.objective() >= greatestObjective(scores) || policy.slos().isEmpty()
                        ? "has the best objective of %d such techniques".formatted(equals)
                        : "has the best balance of certainty and objective of %d such techniques".formatted(equals);
        return "%s %s%s and %s; %s.".formatted(what, kept, policy.name(), how, optimised);
    }

    private static double greatestObjective(List<Score> scores) {
        return scores.stream()
                .filter(score -> score.violations() == 0)
                .mapToDouble(Score::objective)
                .max()
                .orElseThrow();
    }

    private static String whyNot(Score score, Score best, SloPolicy policy) {
        if (score.violations() > 0 && score.violation() > best.violation()) {
            return "%s loses to %s: it breaks %s."
                    .formatted(score.technique().id(), best.technique().id(), broken(score, policy));
        }
        if (score.objective() > best.objective()) {
            return mayNotEnd(score, best)
                    ? "%s loses to %s: it ends within its time limit only with a probability of %.0f %%."
                            .formatted(
                                    score.technique().id(),
                                    best.technique().id(),
                                    100 * score.prediction().endProbability())
                    : "%s loses to %s: it is more likely to break %s."
                            .formatted(score.technique().id(), best.technique().id(), endangered(score, policy));
        }
        String metrics =
                policy.optimize().keySet().stream().map(policy::description).collect(Collectors.joining(" and "));
        if (score.objective() == best.objective()) {
            return "%s ties with %s, which is simpler."
                    .formatted(score.technique().id(), best.technique().id());
        }
        return "%s loses to %s in %s: %s against %s."
                .formatted(
                        score.technique().id(),
                        best.technique().id(),
                        metrics,
                        values(score, policy),
                        values(best, policy));
    }

    private static String broken(Score score, SloPolicy policy) {
        return policy.slos().stream()
                .filter(slo -> slo.violatedBy(
                        policy.estimate(score.prediction(), slo.metric()).value()))
                .map(slo -> described(score.prediction(), slo, policy))
                .collect(Collectors.joining(", "));
    }

    /** Whether it is significantly less likely to complete than the best. */
    private static boolean mayNotEnd(Score score, Score best) {
        return score.prediction().endProbability()
                < Math.min(LIKELY, best.prediction().endProbability());
    }

    /** The SLO with the largest expected violation. */
    private static String endangered(Score score, SloPolicy policy) {
        return policy.slos().stream()
                .max(Comparator.comparingDouble(slo -> expectedViolation(slo, score, policy)))
                .map(slo -> described(score.prediction(), slo, policy))
                .orElseThrow();
    }

    private static double expectedViolation(Slo slo, Score score, SloPolicy policy) {
        Prediction.Estimate estimate = policy.estimate(score.prediction(), slo.metric());
        return slo.expectedViolation(estimate.low(), estimate.high());
    }

    private static String described(Prediction prediction, Slo slo, SloPolicy policy) {
        Metric metric = slo.metric();
        double value = policy.estimate(prediction, metric).value();
        String shown = metric.format(value);
        String limit = metric.format(slo.threshold());
        if (shown.equals(limit) && value != slo.threshold()) {
            shown = (value < slo.threshold() ? "just below " : "just above ") + shown;
        }
        return "%s %s (limit %s)".formatted(policy.description(metric), shown, limit);
    }

    private static String values(Score score, SloPolicy policy) {
        return policy.optimize().keySet().stream()
                .map(metric -> metric.format(
                        policy.estimate(score.prediction(), metric).value()))
                .collect(Collectors.joining(" and "));
    }

    private static String optimised(Score best, SloPolicy policy, Scoring scoring) {
        return policy.optimize().keySet().stream()
                .map(metric -> "%s %s against %s"
                        .formatted(
                                policy.description(metric),
                                metric.format(policy.estimate(best.prediction(), metric)
                                        .value()),
                                metric.format(scoring.reference(metric))
                                        + (policy.slo(metric).isPresent() ? " allowed" : " by pre-copy")))
                .collect(Collectors.joining(", "));
    }
}
