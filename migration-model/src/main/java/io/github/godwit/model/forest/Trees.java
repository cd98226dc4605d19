package io.github.godwit.model.forest;

import io.github.godwit.model.Checks;

/**
 * Regression trees in flat arrays, one node after the other in preorder: a node's left child is the next node, its right
 * child is at {@code right}. A leaf has feature {@link #LEAF} and its value in {@code threshold}. A vector goes left where its
 * feature is below the threshold.
 */
public final class Trees {

    /** Feature of a leaf. */
    public static final byte LEAF = -1;

    private final byte[] feature;
    private final float[] threshold;
    private final int[] right;

    /**
     * @param feature   feature of each node
     * @param threshold threshold of each node, or value of a leaf
     * @param right     right child of each node; not read for leaves
     * @throws IllegalArgumentException when the arrays differ in length, a child does not come later, or a feature is not in
     *                                  {@link CaseVector}
     */
    public Trees(byte[] feature, float[] threshold, int[] right) {
        if (feature.length != threshold.length || feature.length != right.length) {
            throw new IllegalArgumentException("The arrays of a forest must be of one length.");
        }
        for (int i = 0; i < feature.length; i++) {
            boolean leaf = feature[i] == LEAF;
            if (!leaf && (feature[i] < 0 || feature[i] >= CaseVector.LENGTH)) {
                throw new IllegalArgumentException(
                        "Node %d reads feature %d, which does not exist.".formatted(i, feature[i]));
            }
            if (!leaf && (right[i] <= i + 1 || right[i] >= feature.length)) {
                throw new IllegalArgumentException("Node %d has a child that is none (%d).".formatted(i, right[i]));
            }
        }
        if (feature.length > 0) {
            Checks.inRange("feature of the last node", feature[feature.length - 1], LEAF, LEAF);
        }
        this.feature = feature.clone();
        this.threshold = threshold.clone();
        this.right = right.clone();
    }

    /** Value of the leaf that a vector falls into, from the tree's root on. */
    public double valueAt(int root, double[] vector) {
        int node = root;
        byte read = feature[node];
        while (read != LEAF) {
            node = vector[read] < threshold[node] ? node + 1 : right[node];
            read = feature[node];
        }
        return threshold[node];
    }

    /** Number of nodes. */
    public int size() {
        return feature.length;
    }

    byte[] features() {
        return feature;
    }

    float[] thresholds() {
        return threshold;
    }

    int[] rights() {
        return right;
    }
}
