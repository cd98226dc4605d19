package io.github.godwit.training.learn;

import java.util.List;

/**
 * Trees with what holds them together.
 *
 * @param trees   the trees, over the places of the whole vector
 * @param boosted whether they are added up; else they are averaged
 * @param base    added to them
 */
record TreeForest(List<FlatTree> trees, boolean boosted, double base) implements Regressor.Forest {

    @Override
    public double predict(double[] vector) {
        double sum = 0;
        for (FlatTree tree : trees) {
            sum += tree.valueAt(vector);
        }
        return base + (boosted ? sum : sum / trees.size());
    }

    @Override
    public double spread(double[] vector) {
        if (boosted) {
            return 0;
        }
        double sum = 0;
        double squares = 0;
        for (FlatTree tree : trees) {
            double value = tree.valueAt(vector);
            sum += value;
            squares += value * value;
        }
        double mean = sum / trees.size();
        return Math.sqrt(Math.max(0, squares / trees.size() - mean * mean));
    }
}
