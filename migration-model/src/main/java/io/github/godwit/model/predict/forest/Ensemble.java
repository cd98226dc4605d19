package io.github.godwit.model.predict.forest;

import io.github.godwit.model.unit.Checks;

/**
 * The trees that predict one metric of one technique, and how far off they are.
 *
 * <p>The prediction on the scale of learning is {@code base} plus the trees' sum (boosting) or median (forests), and for a
 * residual ensemble plus the simulation's prediction. Its interval reaches {@code quantile} times the trees' spread to either
 * side of their mean: split conformal, normalised (Papadopoulos et al. 2008; Lei et al. 2018).
 */
public final class Ensemble {

    private final int[] roots;
    private final boolean boosted;
    private final boolean residual;
    private final double base;
    private final double quantile;
    private final double spreadFloor;

    /**
     * @param roots       first node of each tree
     * @param boosted     whether the trees are added up, each correcting those before; else each tells the whole
     * @param residual    whether they predict what the simulation is off by
     * @param base        added to the trees
     * @param quantile    half width of the interval in spreads
     * @param spreadFloor added to the trees' standard deviation, so that trees that agree by chance do not claim certainty
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

    /** Whether it predicts what the simulation is off by. */
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
     * @param values takes what each tree says; at least as long as there are trees
     * @param answer takes what they say together
     */
    void predict(Trees trees, double[] vector, double[] values, Answer answer) {
        trees.valuesAt(roots, vector, values);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < roots.length; i++) {
            sum += values[i];
            squares += values[i] * values[i];
        }
        double mean = sum / roots.length;
        double spread = boosted ? 0 : Math.sqrt(Math.max(0, squares / roots.length - mean * mean));
        answer.mean = base + (boosted ? sum : mean);
        answer.value = boosted ? answer.mean : base + median(values, roots.length);
        answer.margin = quantile * (spread + spreadFloor);
    }

    /**
     * The median of some values.
     *
     * @param values which come sorted out of it
     * @param count  how many of them; at least one
     */
    public static double median(double[] values, int count) {
        for (int next = 1; next < count; next++) { // for so few, quicker than the library's sort
            double value = values[next];
            int place = next;
            for (; place > 0 && values[place - 1] > value; place--) {
                values[place] = values[place - 1];
            }
            values[place] = value;
        }
        return (values[(count - 1) / 2] + values[count / 2]) / 2;
    }
}
