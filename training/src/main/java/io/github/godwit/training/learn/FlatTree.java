package io.github.godwit.training.learn;

import io.github.godwit.model.predict.forest.Trees;
import java.util.Arrays;

/**
 * Builds one regression tree node by node in preorder, in the form of {@link Trees}. After {@link #split} comes the whole left part,
 * then {@link #turnRight} with the value that {@code split} returned, then the whole right part.
 */
public final class FlatTree {

    private static final int FIRST_SIZE = 64;

    private int[] feature = new int[FIRST_SIZE];
    private double[] threshold = new double[FIRST_SIZE];
    private int[] right = new int[FIRST_SIZE];
    private int size;

    /** Adds an inner node; values below the threshold go left. */
    public int split(int splitFeature, double splitThreshold) {
        return add(splitFeature, splitThreshold);
    }

    /** Ends the left part of a node. */
    public void turnRight(int node) {
        right[node] = size;
    }

    /** Adds a leaf. */
    public void leaf(double value) {
        add(Trees.LEAF, value);
    }

    private int add(int nodeFeature, double nodeThreshold) {
        if (size == feature.length) {
            feature = Arrays.copyOf(feature, 2 * size);
            threshold = Arrays.copyOf(threshold, 2 * size);
            right = Arrays.copyOf(right, 2 * size);
        }
        feature[size] = nodeFeature;
        threshold[size] = nodeThreshold;
        return size++;
    }

    /** Value of the leaf for a vector. */
    public double valueAt(double[] vector) {
        int node = 0;
        while (feature[node] != Trees.LEAF) {
            node = vector[feature[node]] < threshold[node] ? node + 1 : right[node];
        }
        return threshold[node];
    }

    /** Visits the splits of a tree. */
    public interface SplitVisitor {
        /** Visits a split by a feature at a depth below the root. */
        void split(int feature, int depth);
    }

    /** Calls a visitor for all splits. */
    public void splits(SplitVisitor visitor) {
        splits(0, 0, visitor);
    }

    private void splits(int node, int depth, SplitVisitor visitor) {
        if (feature[node] != Trees.LEAF) {
            visitor.split(feature[node], depth);
            splits(node + 1, depth + 1, visitor);
            splits(right[node], depth + 1, visitor);
        }
    }

    /** Number of nodes. */
    public int size() {
        return size;
    }

    /** Feature of a node. */
    int feature(int node) {
        return feature[node];
    }

    /** Threshold of a node, or value of a leaf. */
    double threshold(int node) {
        return threshold[node];
    }

    /** Right child of a node. */
    int right(int node) {
        return right[node];
    }
}
