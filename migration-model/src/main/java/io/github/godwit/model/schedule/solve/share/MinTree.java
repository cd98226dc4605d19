package io.github.godwit.model.schedule.solve.share;

import java.util.Arrays;

/** Numbered values of which the least, and all up to a bound, are found without looking at the others. Reuses its array. */
final class MinTree {

    /** The values are the leaves; each node above has the smaller value of the two below it. */
    private double[] tree = new double[2];

    private int leaves = 1;

    /** Starts again with this many values, all infinite. */
    void reset(int count) {
        leaves = Math.max(1, Integer.highestOneBit(Math.max(1, 2 * count - 1)));
        if (tree.length < 2 * leaves) {
            tree = new double[2 * leaves];
        }
        Arrays.fill(tree, 0, 2 * leaves, Double.POSITIVE_INFINITY);
    }

    /** Sets a value without regard to those above it; {@link #build} has to follow. */
    void put(int index, double value) {
        tree[leaves + index] = value;
    }

    /** Compares all values. */
    void build() {
        for (int node = leaves - 1; node > 0; node--) {
            tree[node] = Math.min(tree[2 * node], tree[2 * node + 1]);
        }
    }

    /** Changes a value. */
    void set(int index, double value) {
        int node = leaves + index;
        tree[node] = value;
        for (node /= 2; node > 0; node /= 2) {
            double least = Math.min(tree[2 * node], tree[2 * node + 1]);
            if (tree[node] == least) {
                return;
            }
            tree[node] = least;
        }
    }

    double least() {
        return tree[1];
    }

    /**
     * Finds the values up to a bound.
     *
     * @param into receives their indexes, ascending
     * @return their number
     */
    int upTo(double bound, int[] into) {
        return upTo(1, bound, into, 0);
    }

    private int upTo(int node, double bound, int[] into, int found) {
        if (!(tree[node] <= bound)) {
            return found;
        }
        if (node >= leaves) {
            into[found] = node - leaves;
            return found + 1;
        }
        return upTo(2 * node + 1, bound, into, upTo(2 * node, bound, into, found));
    }
}
