package io.github.godwit.model;

import io.github.godwit.model.Choice.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says in a sentence why each technique won or lost. */
final class ChoiceReasons {

    private ChoiceReasons() {}

    /** The same scores, best first, each with its reason. */
    static List<Score> explain(List<Score> scores, SloPolicy policy, Map<Metric, Double> references) {
        Score best = scores.get(0);
        List<Score> explained = new ArrayList<>();
        explained.add(withReason(best, whyBest(scores, policy, references)));
        for (Score score : scores.subList(1, scores.size())) {
            explained.add(withReason(score, whyNot(score, best, policy)));
        }
        return explained;
    }

    /** What a prediction rests on, where that is not what it should be; with a blank before it. */
    static String basis(Prediction prediction) {
        return switch (prediction.basis()) {
            case LEARNED, SIMULATED -> "";
            case UNFAMILIAR -> " The case is unlike those that the models were trained on, so that it was simulated.";
            case UNSURE -> " Too little is known of the VM to predict it, so that plain pre-copy is taken.";
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

    private static String whyBest(List<Score> scores, SloPolicy policy, Map<Metric, Double> references) {
        Score best = scores.get(0);
        String what =
                "%s (%s)".formatted(best.technique().id(), best.technique().description());
        String optimised = optimised(best, policy, references);
        if (best.violation() > 0) {
            return "%s breaks the SLOs of %s least: %s; %s."
                    .formatted(what, policy.name(), broken(best, policy), optimised);
        }
        long equals = scores.stream().filter(score -> score.violation() == 0).count();
        String kept = policy.slos().isEmpty() ? "is best under " : "keeps all SLOs of ";
        if (equals == 1 && scores.size() > 1) {
            return "%s is the only one that %s%s; %s.".formatted(what, kept, policy.name(), optimised);
        }
        return "%s %s%s and has the best objective of %d such techniques; %s."
                .formatted(what, kept, policy.name(), equals, optimised);
    }

    private static String whyNot(Score score, Score best, SloPolicy policy) {
        if (score.violation() > best.violation()) {
            return "%s loses to %s: it breaks %s."
                    .formatted(score.technique().id(), best.technique().id(), broken(score, policy));
        }
        String metrics =
                policy.optimize().keySet().stream().map(Metric::description).collect(Collectors.joining(" and "));
        if (score.objective() == best.objective()) {
            return "%s ties with %s, which is plainer."
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
                .filter(slo -> slo.violatedBy(score.prediction().cautious(slo.metric())))
                .map(slo -> broken(score.prediction(), slo))
                .collect(Collectors.joining(", "));
    }

    private static String broken(Prediction prediction, Slo slo) {
        Metric metric = slo.metric();
        double value = prediction.value(metric);
        String perhaps = slo.violatedBy(value) ? "" : ", perhaps " + metric.format(prediction.cautious(metric));
        return "%s %s%s (limit %s)"
                .formatted(metric.description(), metric.format(value), perhaps, metric.format(slo.threshold()));
    }

    private static String values(Score score, SloPolicy policy) {
        return policy.optimize().keySet().stream()
                .map(metric -> metric.format(score.prediction().value(metric)))
                .collect(Collectors.joining(" and "));
    }

    private static String optimised(Score best, SloPolicy policy, Map<Metric, Double> references) {
        return policy.optimize().keySet().stream()
                .map(metric -> "%s %s against %s"
                        .formatted(
                                metric.description(),
                                metric.format(best.prediction().value(metric)),
                                metric.format(references.get(metric))
                                        + (policy.slo(metric).isPresent() ? " allowed" : " by pre-copy")))
                .collect(Collectors.joining(", "));
    }
}
