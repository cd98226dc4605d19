package io.github.godwit.training.evaluate;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.forest.TargetScale;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.ErrorSummary.Pair;
import io.github.godwit.training.evaluate.OutOfFold.Guess;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The errors of models on rows that they were not trained on.
 *
 * @param rows        number of rows
 * @param families    workload families among them
 * @param metrics     errors in ten-fold cross-validation, of migrations that converged
 * @param unseen      errors when the whole workload family of the row was held out
 * @param simulation  errors of the simulation alone
 * @param byAccelerator ten-fold errors by accelerator
 * @param byTechnique ten-fold errors by technique
 * @param byTotalTime ten-fold errors by the total time of the migration
 * @param convergence share of the migrations whose convergence was predicted correctly
 * @param repeats     differences between repeated migrations
 */
public record Evaluation(
        int rows,
        List<String> families,
        Map<Metric, ErrorSummary> metrics,
        Map<Metric, ErrorSummary> unseen,
        Map<Metric, ErrorSummary> simulation,
        Map<Accelerator, Map<Metric, ErrorSummary>> byAccelerator,
        Map<Technique, Map<Metric, ErrorSummary>> byTechnique,
        Map<TotalTime, Map<Metric, ErrorSummary>> byTotalTime,
        Map<String, Double> convergence,
        Repeats repeats) {

    private static final double EVEN = 0.5;

    /** A prediction of one metric of a migration with the measured value. */
    private record Tested(Sample sample, Metric metric, Pair pair) {}

    /**
     * Summarises the errors.
     *
     * @param samples   all samples
     * @param tenFold   predictions of ten-fold cross-validation
     * @param familyOut predictions with each workload family held out, of the same problems in the same order, or nothing
     */
    public static Evaluation of(List<Sample> samples, List<OutOfFold> tenFold, List<OutOfFold> familyOut) {
        List<Tested> known = tested(tenFold, tenFold, true);
        return new Evaluation(
                samples.size(),
                samples.stream()
                        .map(sample -> sample.row().family())
                        .distinct()
                        .sorted()
                        .toList(),
                byMetric(known),
                byMetric(tested(familyOut, tenFold, false)),
                byMetric(simulated(tenFold)),
                byClass(known, Accelerator.class, Sample::accelerator),
                byClass(known, Technique.class, Sample::technique),
                byClass(known, TotalTime.class, sample -> TotalTime.ofMillis(sample.measured(Metric.TOTAL_TIME))),
                convergence(samples, tenFold, familyOut),
                Repeats.of(samples));
    }

    private static Map<Metric, ErrorSummary> byMetric(List<Tested> tested) {
        Map<Metric, List<Pair>> pairs = new EnumMap<>(Metric.class);
        tested.forEach(one ->
                pairs.computeIfAbsent(one.metric(), any -> new ArrayList<>()).add(one.pair()));
        Map<Metric, ErrorSummary> summaries = new EnumMap<>(Metric.class);
        pairs.forEach((metric, all) -> summaries.put(metric, ErrorSummary.of(metric, all)));
        return summaries;
    }

    private static <C extends Enum<C>> Map<C, Map<Metric, ErrorSummary>> byClass(
            List<Tested> tested, Class<C> classes, Function<Sample, C> classOf) {
        Map<C, List<Tested>> parts = new EnumMap<>(classes);
        tested.forEach(one -> parts.computeIfAbsent(classOf.apply(one.sample()), any -> new ArrayList<>())
                .add(one));
        Map<C, Map<Metric, ErrorSummary>> summaries = new EnumMap<>(classes);
        parts.forEach((one, all) -> summaries.put(one, byMetric(all)));
        return summaries;
    }

    /**
     * The predictions of migrations that converged, with intervals from the scores of {@code calibrations}. Where both are the same
     * predictions, those of the tested fold are left out of the calibration.
     */
    private static List<Tested> tested(List<OutOfFold> models, List<OutOfFold> calibrations, boolean same) {
        List<Tested> tested = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            OutOfFold model = models.get(i);
            OutOfFold calibration = calibrations.get(i);
            if (model.problem().metric() == null) {
                continue;
            }
            Map<String, Double> quantiles = new HashMap<>();
            double floor = calibration.spreadFloor();
            for (Guess guess : model.guesses()) {
                if (guess.sample().converged()) {
                    double quantile = quantiles.computeIfAbsent(
                            guess.fold(), fold -> same ? calibration.quantileWithout(fold) : calibration.quantile());
                    Estimate estimate = estimate(model, guess, quantile * (guess.spread() + floor));
                    tested.add(tested(guess.sample(), model.problem().metric(), estimate));
                }
            }
        }
        return tested;
    }

    /** A prediction in the metric's unit. */
    static Estimate estimate(OutOfFold of, Guess guess, double margin) {
        Metric metric = of.problem().metric();
        return new Estimate(
                TargetScale.measurable(metric, guess.value()),
                TargetScale.low(metric, guess.value(), guess.mean() - margin),
                TargetScale.high(metric, guess.value(), guess.mean() + margin));
    }

    private static Tested tested(Sample sample, Metric metric, Estimate estimate) {
        Pair pair = new Pair(
                estimate.value(),
                estimate.low(),
                estimate.high(),
                sample.measured(metric),
                sample.row().outcome().migrationCase().vm().vcpuUse());
        return new Tested(sample, metric, pair);
    }

    private static List<Tested> simulated(List<OutOfFold> tenFold) {
        List<Tested> simulated = new ArrayList<>();
        for (OutOfFold one : tenFold) {
            Metric metric = one.problem().metric();
            for (Guess guess : one.guesses()) {
                if (metric != null && guess.sample().converged()) {
                    Estimate estimate = guess.sample().simulated().estimates().get(metric);
                    simulated.add(tested(guess.sample(), metric, estimate));
                }
            }
        }
        return simulated;
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

    /** Where no model predicts whether a technique converges, the simulation does. */
    private static double rightly(List<Sample> samples, List<OutOfFold> models) {
        Map<String, Boolean> predicted = new HashMap<>();
        samples.forEach(
                sample -> predicted.put(sample.row().id(), sample.simulated().converges()));
        models.stream()
                .filter(one -> one.problem().metric() == null)
                .forEach(one -> one.guesses()
                        .forEach(guess -> predicted.put(guess.sample().row().id(), guess.value() >= EVEN)));
        return samples.stream()
                .mapToDouble(sample -> predicted.get(sample.row().id()) == sample.converged() ? 1 : 0)
                .average()
                .orElse(1);
    }
}
