package io.github.godwit.training.evaluate;

import io.github.godwit.training.learn.FlatTree;
import io.github.godwit.training.learn.Problem;
import io.github.godwit.training.learn.Recipe;
import io.github.godwit.training.learn.Regressor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Recursive feature elimination with cross-validation (RFECV): the least important features are removed step by step, and the set
 * with the smallest out-of-fold error is returned. The importance of a feature is how often, and how close to the root, the trees
 * split by it.
 */
public final class FeatureElimination {

    private static final double DROPPED = 0.25;

    private FeatureElimination() {}

    /** Returns the out-of-fold predictions of the best set of features. */
    public static OutOfFold best(Problem problem, Recipe recipe, Folds folds, long seed) {
        int[] places = recipe.features().places();
        OutOfFold best = null;
        while (places.length > 0) {
            OutOfFold now = OutOfFold.of(problem, recipe, places, folds, seed);
            if (best == null || now.meanError() < best.meanError()) {
                best = now;
            }
            places = withoutLeast(problem, recipe, places, seed);
        }
        return best;
    }

    private static int[] withoutLeast(Problem problem, Recipe recipe, int[] places, long seed) {
        if (places.length == 1) {
            return new int[0];
        }
        double[] weights = new double[Arrays.stream(places).max().orElseThrow() + 1];
        Regressor.Forest forest =
                (Regressor.Forest) problem.train(recipe, places, seed).regressor();
        for (FlatTree tree : forest.trees()) {
            tree.splits((feature, depth) -> weights[feature] += Math.pow(0.5, depth));
        }
        int kept = places.length - Math.max(1, (int) (DROPPED * places.length));
        List<Integer> ranked = IntStream.of(places)
                .boxed()
                .sorted(Comparator.comparingDouble(place -> -weights[place]))
                .toList();
        return ranked.subList(0, kept).stream()
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }
}
