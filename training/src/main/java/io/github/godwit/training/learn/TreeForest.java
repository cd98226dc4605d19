package io.github.godwit.training.learn;

import java.util.Arrays;
import java.util.List;

/**
 * Trees with what holds them together.
 *
 * @param trees   the trees, over the places of the whole vector
 * @param boosted whether they are added up; else each tells the whole
 * @param base    added to them
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
