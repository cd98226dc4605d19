package io.github.godwit.training.evaluate;

import io.github.godwit.model.Metric;
import io.github.godwit.model.Prediction.Estimate;
import io.github.godwit.model.Technique;
import io.github.godwit.model.forest.TargetScale;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.ErrorSummary.Pair;
import io.github.godwit.training.evaluate.OutOfFold.Guess;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How good models are on rows that they were not trained on.
 *
 * @param rows        number of rows
 * @param families    workload families among them
 * @param metrics     errors in ten-fold cross-validation, of migrations that ended
 * @param unseen      the same where the test row's whole family was kept out of training
 * @param simulation  the same for the simulation alone
 * @param byTechnique ten-fold, by technique
 * @param convergence share of the migrations of which it was foreseen whether they end
 * @param repeats     how much equal migrations differ
 */
public record Evaluation(
        int rows,
        List<String> families,
        Map<Metric, ErrorSummary> metrics,
        Map<Metric, ErrorSummary> unseen,
        Map<Metric, ErrorSummary> simulation,
        Map<Technique, Map<Metric, ErrorSummary>> byTechnique,
        Map<String, Double> convergence,
        Repeats repeats) {

    private static final double EVEN = 0.5;

    /** Of ten-fold guesses, those with families kept out, and the simulation. */
    public static Evaluation of(List<Sample> samples, List<OutOfFold> tenFold, List<OutOfFold> familyOut) {
        Map<Technique, Map<Metric, ErrorSummary>> byTechnique = new EnumMap<>(Technique.class);
        for (OutOfFold one : tenFold) {
            Metric metric = one.problem().metric();
            if (metric != null) {
                byTechnique
                        .computeIfAbsent(one.problem().technique(), any -> new EnumMap<>(Metric.class))
                        .put(metric, ErrorSummary.of(metric, pairs(one, one, true)));
            }
        }
        return new Evaluation(
                samples.size(),
                samples.stream()
                        .map(sample -> sample.row().family())
                        .distinct()
                        .sorted()
                        .toList(),
                overall(tenFold, tenFold, true),
                overall(familyOut, tenFold, false),
                simulated(tenFold),
                byTechnique,
                convergence(samples, tenFold, familyOut),
                Repeats.of(samples));
    }

    /** Errors by metric over all techniques; intervals by the scores of {@code calibration}. */
    private static Map<Metric, ErrorSummary> overall(
            List<OutOfFold> tested, List<OutOfFold> calibration, boolean same) {
        Map<Metric, List<Pair>> pairs = new EnumMap<>(Metric.class);
        for (int i = 0; i < tested.size(); i++) {
            Metric metric = tested.get(i).problem().metric();
            if (metric != null) {
                pairs.computeIfAbsent(metric, any -> new ArrayList<>())
                        .addAll(pairs(tested.get(i), calibration.get(i), same));
            }
        }
        Map<Metric, ErrorSummary> summaries = new EnumMap<>(Metric.class);
        pairs.forEach((metric, all) -> summaries.put(metric, ErrorSummary.of(metric, all)));
        return summaries;
    }

    /** Where both are the same guesses, those of the tested fold are left out of the calibration. */
    private static List<Pair> pairs(OutOfFold tested, OutOfFold calibration, boolean same) {
        Map<String, Double> quantiles = new HashMap<>();
        double floor = calibration.spreadFloor();
        List<Pair> pairs = new ArrayList<>();
        for (Guess guess : tested.guesses()) {
            if (guess.sample().converged()) {
                double quantile = quantiles.computeIfAbsent(
                        guess.fold(), fold -> same ? calibration.quantileWithout(fold) : calibration.quantile());
                Estimate estimate = estimate(tested, guess, quantile * (guess.spread() + floor));
                pairs.add(pair(guess.sample(), tested.problem().metric(), estimate));
            }
        }
        return pairs;
    }

    /** A guess in the metric's unit. */
    static Estimate estimate(OutOfFold of, Guess guess, double margin) {
        Metric metric = of.problem().metric();
        return new Estimate(
                TargetScale.decode(metric, guess.value()),
                TargetScale.decode(metric, guess.value() - margin),
                TargetScale.decode(metric, guess.value() + margin));
    }

    private static Pair pair(Sample sample, Metric metric, Estimate estimate) {
        return new Pair(
                estimate.value(),
                estimate.low(),
                estimate.high(),
                sample.measured(metric),
                sample.row().outcome().migrationCase().vm().vcpuUse());
    }

    private static Map<Metric, ErrorSummary> simulated(List<OutOfFold> tenFold) {
        Map<Metric, List<Pair>> pairs = new EnumMap<>(Metric.class);
        for (OutOfFold one : tenFold) {
            Metric metric = one.problem().metric();
            for (Guess guess : one.guesses()) {
                if (metric != null && guess.sample().converged()) {
                    pairs.computeIfAbsent(metric, any -> new ArrayList<>())
                            .add(pair(
                                    guess.sample(),
                                    metric,
                                    guess.sample().simulated().estimates().get(metric)));
                }
            }
        }
        Map<Metric, ErrorSummary> summaries = new EnumMap<>(Metric.class);
        pairs.forEach((metric, all) -> summaries.put(metric, ErrorSummary.of(metric, all)));
        return summaries;
    }

    private static Map<String, Double> convergence(
            List<Sample> samples, List<OutOfFold> tenFold, List<OutOfFold> familyOut) {
        Map<String, Double> shares = new HashMap<>();
        shares.put("ten_fold", rightly(samples, tenFold));
        shares.put("unseen", rightly(samples, familyOut));
        shares.put("simulation", rightly(samples, List.of()));
        shares.put(
                "ended",
                samples.stream()
                        .mapToDouble(sample -> sample.converged() ? 1 : 0)
                        .average()
                        .orElse(1));
        return shares;
    }

    /** Where no model tells whether a technique ends, the simulation does. */
    private static double rightly(List<Sample> samples, List<OutOfFold> models) {
        Map<String, Boolean> foreseen = new HashMap<>();
        samples.forEach(
                sample -> foreseen.put(sample.row().id(), sample.simulated().converges()));
        models.stream()
                .filter(one -> one.problem().metric() == null)
                .forEach(one -> one.guesses()
                        .forEach(guess -> foreseen.put(guess.sample().row().id(), guess.value() >= EVEN)));
        return samples.stream()
                .mapToDouble(sample -> foreseen.get(sample.row().id()) == sample.converged() ? 1 : 0)
                .average()
                .orElse(1);
    }
}
