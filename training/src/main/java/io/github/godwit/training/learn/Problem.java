package io.github.godwit.training.learn;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.training.data.Sample;
import java.util.List;

/**
 * One thing to be learned: a metric of a technique, or whether the technique ends within its time limit.
 *
 * @param technique the technique
 * @param metric    the metric, or null for whether it ends
 * @param samples   the rows that tell it
 */
public record Problem(Technique technique, Metric metric, List<Sample> samples) {

    /** A metric of a technique. What was cut at its time limit counts with what it cost until then; it has no downtime. */
    public static Problem of(Technique technique, Metric metric, List<Sample> samples) {
        return new Problem(
                technique,
                metric,
                samples.stream()
                        .filter(sample -> sample.technique() == technique && sample.has(metric))
                        .toList());
    }

    /** Whether a technique ends within its time limit: 1 for yes. */
    public static Problem ends(Technique technique, List<Sample> samples) {
        return new Problem(
                technique,
                null,
                samples.stream()
                        .filter(sample -> sample.technique() == technique)
                        .toList());
    }

    /** What is to be predicted of a sample, on the scale of learning. */
    public double truth(Sample sample) {
        return metric == null ? sample.converged() ? 1 : 0 : sample.encoded(metric);
    }

    /** What the simulation says of it. */
    double simulated(Sample sample) {
        return metric == null ? sample.simulated().endProbability() : sample.simulatedEncoded(metric);
    }

    /** The same with other samples. */
    public Problem with(List<Sample> others) {
        return new Problem(technique, metric, others);
    }

    /**
     * Number of trees of a forest. More make predictions slower, and most metrics hardly better; choices hang on PERF most, and on bytes
     * least.
     */
    int trees() {
        return metric == Metric.PERFORMANCE
                ? 56
                : metric == Metric.TRANSFERRED_DATA || metric == Metric.MEMORY ? 16 : 28;
    }

    /** Trains on all samples. */
    public Trained train(Recipe recipe, int[] places, long seed) {
        double[][] vectors = samples.stream().map(Sample::array).toArray(double[][]::new);
        double[] targets = samples.stream()
                .mapToDouble(sample -> truth(sample) - (recipe.residual() ? simulated(sample) : 0))
                .toArray();
        return new Trained(this, recipe, recipe.learner().learn(vectors, targets, places, trees(), seed));
    }

    /** Trains on all samples with the recipe's own features. */
    public Trained train(Recipe recipe, long seed) {
        return train(recipe, recipe.features().places(), seed);
    }

    /** A name for people. */
    public String label() {
        return technique + " " + (metric == null ? "ends" : metric);
    }

    /**
     * A trained model of a problem.
     *
     * @param problem   what it was trained for
     * @param recipe    how it was made
     * @param regressor what was learned
     */
    public record Trained(Problem problem, Recipe recipe, Regressor regressor) {

        /** What it says of a sample, on the scale of learning. */
        public Regressor.Answer answer(Sample sample) {
            return regressor.answer(sample.array()).plus(recipe.residual() ? problem.simulated(sample) : 0);
        }

        /** The prediction: the median, or of whether the migration ends the mean, which is a probability. */
        public double predicted(Regressor.Answer answer) {
            return problem.metric() == null ? answer.mean() : answer.median();
        }
    }
}
