package io.github.godwit.training.learn;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.training.data.Sample;
import java.util.List;

/**
 * One regression problem: a metric of a technique, or whether the technique converges within its time limit.
 *
 * @param technique the technique
 * @param metric    the metric, or null for convergence
 * @param samples   the samples with a value for it
 */
public record Problem(Technique technique, Metric metric, List<Sample> samples) {

    /** A metric of a technique. A migration that was cancelled at its time limit counts with its cost until then, without a downtime. */
    public static Problem of(Technique technique, Metric metric, List<Sample> samples) {
        return new Problem(
                technique,
                metric,
                samples.stream()
                        .filter(sample -> sample.technique() == technique && sample.has(metric))
                        .toList());
    }

    /** Whether a technique converges within its time limit: 1 for yes, 0 for no. */
    public static Problem ends(Technique technique, List<Sample> samples) {
        return new Problem(
                technique,
                null,
                samples.stream()
                        .filter(sample -> sample.technique() == technique)
                        .toList());
    }

    /** The value to predict for a sample, on the scale of learning. */
    public double truth(Sample sample) {
        return metric == null ? sample.converged() ? 1 : 0 : sample.encoded(metric);
    }

    /** The prediction of the simulation for a sample, on the scale of learning. */
    double simulated(Sample sample) {
        return metric == null ? sample.simulated().endProbability() : sample.simulatedEncoded(metric);
    }

    /** The problem with other samples. */
    public Problem with(List<Sample> others) {
        return new Problem(technique, metric, others);
    }

    /**
     * Number of trees of a forest. More trees make predictions slower and hardly better for most metrics; the choice of a technique
     * depends most on PERF and least on bytes.
     */
    int trees() {
        return metric == Metric.PERFORMANCE
                ? 56
                : metric == Metric.TRANSFERRED_DATA || metric == Metric.MEMORY ? 16 : 28;
    }

    /** Trains on all samples, with the features at given positions. */
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

    /** Name of the problem in reports. */
    public String label() {
        return technique + " " + (metric == null ? "ends" : metric);
    }

    /**
     * A trained model of a problem.
     *
     * @param problem   the problem
     * @param recipe    the recipe
     * @param regressor the trained regressor
     */
    public record Trained(Problem problem, Recipe recipe, Regressor regressor) {

        /** The answer for a sample, on the scale of learning. */
        public Regressor.Answer answer(Sample sample) {
            return regressor.answer(sample.array()).plus(recipe.residual() ? problem.simulated(sample) : 0);
        }

        /** The predicted value of an answer: the median for a metric, the mean for convergence, where it is a probability. */
        public double predicted(Regressor.Answer answer) {
            return problem.metric() == null ? answer.mean() : answer.median();
        }
    }
}
