package io.github.godwit.model.predict.forest;

import io.github.godwit.model.unit.Checks;

/**
 * The trees that predict one metric of one technique, and the width of their intervals.
 *
 * <p>On the scale of learning the prediction is {@code base} plus the trees' sum (boosting) or median (forests); a
 * residual ensemble adds the simulation's prediction. The interval extends {@code quantile} times the trees' spread to
 * either side of their mean: normalised split conformal prediction (Papadopoulos et al. 2008; Lei et al. 2018).
 */
public final class Ensemble {

    private final int[] roots;
    private final boolean boosted;
    private final boolean residual;
    private final double base;
    private final double quantile;
    private final double spreadFloor;

    /**
     * @param roots       index of the first node of each tree
     * @param boosted     whether the trees are summed up, each correcting those before it; otherwise each predicts the whole value
     * @param residual    whether they predict the error of the simulation
     * @param base        added to the trees' prediction
     * @param quantile    half width of the interval, in units of the trees' spread
     * @param spreadFloor added to the trees' standard deviation, so that trees that agree by chance do not yield an interval of no width
     * @throws IllegalArgumentException when there is no tree, or a number is negative
     */
    public Ensemble(int[] roots, boolean boosted, boolean residual, double base, double quantile, double spreadFloor) {
        Checks.positive("number of trees", roots.length);
        this.roots = roots.clone();
        this.boosted = boosted;
        this.residual = residual;
        this.base = base;
        this.quantile = Checks.notNegative("quantile", quantile);
        this.spreadFloor = Checks.notNegative("spreadFloor", spreadFloor);
    }

    int[] roots() {
        return roots;
    }

    boolean boosted() {
        return boosted;
    }

    /** Whether the ensemble predicts the error of the simulation. */
    public boolean residual() {
        return residual;
    }

    double base() {
        return base;
    }

    double quantile() {
        return quantile;
    }

    double spreadFloor() {
        return spreadFloor;
    }

    /**
     * Predicts on the scale of learning, without the simulation's part.
     *
     * @param values receives the value of each tree; at least as long as there are trees
     * @param output receives the prediction of the ensemble
     */
    void predict(Trees trees, double[] vector, double[] values, EnsembleOutput output) {
        trees.valuesAt(roots, vector, values);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < roots.length; i++) {
            sum += values[i];
            squares += values[i] * values[i];
        }
        double mean = sum / roots.length;
        double spread = boosted ? 0 : Math.sqrt(Math.max(0, squares / roots.length - mean * mean));
        output.mean = base + (boosted ? sum : mean);
        output.value = boosted ? output.mean : base + median(values, roots.length);
        output.margin = quantile * (spread + spreadFloor);
    }

    /**
     * The median of some values.
     *
     * @param values the values, of which the first {@code count} are sorted
     * @param count  how many of them to use, at least one
     */
    public static double median(double[] values, int count) {
        for (int next = 1;
                next < count;
                next++) { // an insertion sort: for so few values it is faster than the library's sort
            double value = values[next];
            int index = next;
            for (; index > 0 && values[index - 1] > value; index--) {
                values[index] = values[index - 1];
            }
            values[index] = value;
        }
        return (values[(count - 1) / 2] + values[count / 2]) / 2;
    }
}
