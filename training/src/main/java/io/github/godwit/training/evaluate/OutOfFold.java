package io.github.godwit.training.evaluate;

import io.github.godwit.training.data.Sample;
import io.github.godwit.training.learn.Problem;
import io.github.godwit.training.learn.Problem.Trained;
import io.github.godwit.training.learn.Recipe;
import io.github.godwit.training.learn.Regressor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Predictions of models for samples that they were not trained on.
 *
 * @param problem      the predicted problem
 * @param recipe       the recipe of the models
 * @param guesses      one prediction for each sample that had a model
 * @param trainSeconds wall time of all trainings together
 * @param testSeconds  wall time of all predictions together
 */
public record OutOfFold(Problem problem, Recipe recipe, List<Guess> guesses, double trainSeconds, double testSeconds) {

    /** Smallest number of rows to train on. */
    private static final int FEWEST_ROWS = 12;

    /**
     * One prediction, on the scale of learning.
     *
     * @param sample the predicted sample
     * @param fold   name of the fold of the sample
     * @param value  the prediction
     * @param mean   mean of the members, the centre of the interval
     * @param spread standard deviation of the members
     */
    public record Guess(Sample sample, String fold, double value, double mean, double spread) {}

    /** Trains without each fold in turn and predicts the samples of that fold. */
    public static OutOfFold of(Problem problem, Recipe recipe, int[] places, Folds folds, long seed) {
        List<Guess> guesses = new ArrayList<>();
        long train = 0;
        long test = 0;
        for (String fold : folds.names()) {
            List<Sample> known = folds.outside(problem.samples(), fold);
            List<Sample> tested = folds.inside(problem.samples(), fold);
            if (known.size() < FEWEST_ROWS || tested.isEmpty()) {
                continue;
            }
            long start = System.nanoTime();
            Trained trained = problem.with(known).train(recipe, places, seed);
            long middle = System.nanoTime();
            for (Sample sample : tested) {
                Regressor.Answer answer = trained.answer(sample);
                guesses.add(new Guess(sample, fold, trained.predicted(answer), answer.mean(), answer.spread()));
            }
            train += middle - start;
            test += System.nanoTime() - middle;
        }
        return new OutOfFold(problem, recipe, guesses, train / 1e9, test / 1e9);
    }

    /** Trains and predicts with the recipe's own features. */
    public static OutOfFold of(Problem problem, Recipe recipe, Folds folds, long seed) {
        return of(problem, recipe, recipe.features().places(), folds, seed);
    }

    /** Mean absolute error on the scale of learning, the criterion for the choice of recipes. */
    public double meanError() {
        return guesses.stream()
                .mapToDouble(guess -> Math.abs(guess.value() - problem.truth(guess.sample())))
                .average()
                .orElse(Double.POSITIVE_INFINITY);
    }

    /** Constant that is added to every spread: the median of the spreads, or 1 where all members agree. */
    public double spreadFloor() {
        double[] spreads = guesses.stream().mapToDouble(Guess::spread).sorted().toArray();
        double median = spreads.length == 0 ? 0 : spreads[spreads.length / 2];
        return median > 0 ? median : 1;
    }

    /** Half width of a 90 % interval as a multiple of the spread, from all predictions. */
    public double quantile() {
        return quantile(guesses, spreadFloor());
    }

    /** The half width from the predictions of all other folds, so that it is independent of this fold. */
    public double quantileWithout(String fold) {
        List<Guess> others =
                guesses.stream().filter(guess -> !guess.fold().equals(fold)).toList();
        return quantile(others, spreadFloor());
    }

    /** The conformal quantile: the ⌈0.9·(n+1)⌉-th smallest of n scores. */
    private double quantile(List<Guess> calibration, double floor) {
        double[] scores = calibration.stream()
                .mapToDouble(guess -> Math.abs(guess.mean() - problem.truth(guess.sample())) / (guess.spread() + floor))
                .toArray();
        Arrays.sort(scores);
        if (scores.length == 0) {
            return 0;
        }
        int place = (int) Math.ceil(LEVEL * (scores.length + 1));
        return scores[Math.min(scores.length, place) - 1];
    }

    /** Coverage of the intervals. */
    public static final double LEVEL = 0.9;
}
