package io.github.godwit.training.learn;

import java.util.Arrays;
import java.util.List;

/**
 * A regressor of trees.
 *
 * @param trees   the trees, with features as positions of the complete case vector
 * @param boosted whether the trees are summands; otherwise each predicts the whole value
 * @param base    constant that is added to them
 */
record TreeForest(List<FlatTree> trees, boolean boosted, double base) implements Regressor.Forest {

    @Override
    public Answer answer(double[] vector) {
        double[] values =
                trees.stream().mapToDouble(tree -> tree.valueAt(vector)).toArray();
        if (boosted) {
            double sum = base + Arrays.stream(values).sum();
            return new Answer(sum, sum, 0);
        }
        return Answer.of(values).plus(base);
    }
}
