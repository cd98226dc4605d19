package io.github.godwit.model.predict.forest;

import io.github.godwit.model.unit.Checks;

/**
 * Regression trees in flat arrays, whose nodes are in preorder: the left child of a node is the next node, and its
 * right child is at {@code right}. A leaf has feature {@link #LEAF} and its value in {@code threshold}. A vector goes
 * to the left child if its feature is below the threshold.
 *
 * <p>In memory a node is one long: the threshold, the right child, the feature, and the distance of the left child. A
 * leaf is its own child on both sides, so that several trees can be traversed in step without checking which of them
 * have reached a leaf.
 */
public final class Trees {

    /** Feature of a leaf. */
    public static final byte LEAF = -1;

    /** Maximum number of nodes, given by the bits of a right child. */
    static final int MAX_NODES = 1 << 25;

    /** Number of trees that are traversed in step: while the processor waits for a node of one, it continues with the others. */
    private static final int LANES = 8;

    private static final int FEATURE_BITS = 6;
    private static final int FEATURE_MASK = (1 << FEATURE_BITS) - 1;
    private static final int INNER = 1 << FEATURE_BITS;
    private static final int RIGHT_SHIFT = FEATURE_BITS + 1;

    private final long[] nodes;

    /**
     * @param feature   feature of each node
     * @param threshold threshold of each node, or value of a leaf
     * @param right     right child of each node; not read for leaves
     * @throws IllegalArgumentException when the arrays differ in length, there are more than {@link #MAX_NODES} nodes, a right child
     *                                  does not follow its node, or a feature is not in {@link CaseVector}
     */
    public Trees(byte[] feature, float[] threshold, int[] right) {
        if (feature.length != threshold.length || feature.length != right.length) {
            throw new IllegalArgumentException("The arrays of a forest must have the same length, not %d, %d and %d."
                    .formatted(feature.length, threshold.length, right.length));
        }
        Checks.inRange("number of nodes", feature.length, 0, MAX_NODES);
        for (int i = 0; i < feature.length; i++) {
            boolean leaf = feature[i] == LEAF;
            if (!leaf && (feature[i] < 0 || feature[i] >= CaseVector.LENGTH)) {
                throw new IllegalArgumentException(
                        "Node %d reads feature %d, which does not exist.".formatted(i, feature[i]));
            }
            if (!leaf && (right[i] <= i + 1 || right[i] >= feature.length)) {
                throw new IllegalArgumentException("The right child of node %d (%d) must be from %d to %d."
                        .formatted(i, right[i], i + 2, feature.length - 1));
            }
        }
        if (feature.length > 0) {
            Checks.inRange("feature of the last node", feature[feature.length - 1], LEAF, LEAF);
        }
        nodes = new long[feature.length];
        for (int i = 0; i < nodes.length; i++) {
            int links = feature[i] == LEAF ? i << RIGHT_SHIFT : right[i] << RIGHT_SHIFT | INNER | feature[i];
            nodes[i] = (long) Float.floatToRawIntBits(threshold[i]) << Integer.SIZE | Integer.toUnsignedLong(links);
        }
    }

    /** The value of the leaf that a vector reaches from a root. */
    public double valueAt(int root, double[] vector) {
        int index = root;
        int next = step(index, vector);
        while (next != index) {
            index = next;
            next = step(index, vector);
        }
        return threshold(index);
    }

    /**
     * The values of the leaves that a vector reaches in several trees.
     *
     * @param roots  the root of each tree
     * @param values receives the value of each tree in the same order; at least as long
     */
    void valuesAt(int[] roots, double[] vector, double[] values) {
        int done = 0;
        for (; done + LANES <= roots.length; done += LANES) {
            laneValuesAt(roots, done, vector, values);
        }
        if (done < roots.length
                && roots.length >= LANES) { // repeating some is faster than traversing the rest one by one
            laneValuesAt(roots, roots.length - LANES, vector, values);
            return;
        }
        for (; done < roots.length; done++) {
            values[done] = valueAt(roots[done], vector);
        }
    }

    private void laneValuesAt(int[] roots, int from, double[] vector, double[] values) {
        int a = roots[from];
        int b = roots[from + 1];
        int c = roots[from + 2];
        int d = roots[from + 3];
        int e = roots[from + 4];
        int f = roots[from + 5];
        int g = roots[from + 6];
        int h = roots[from + 7];
        int moved;
        do {
            int nextA = step(a, vector);
            int nextB = step(b, vector);
            int nextC = step(c, vector);
            int nextD = step(d, vector);
            int nextE = step(e, vector);
            int nextF = step(f, vector);
            int nextG = step(g, vector);
            int nextH = step(h, vector);
            moved = nextA - a | nextB - b | nextC - c | nextD - d | nextE - e | nextF - f | nextG - g | nextH - h;
            a = nextA;
            b = nextB;
            c = nextC;
            d = nextD;
            e = nextE;
            f = nextF;
            g = nextG;
            h = nextH;
        } while (moved != 0);
        values[from] = threshold(a);
        values[from + 1] = threshold(b);
        values[from + 2] = threshold(c);
        values[from + 3] = threshold(d);
        values[from + 4] = threshold(e);
        values[from + 5] = threshold(f);
        values[from + 6] = threshold(g);
        values[from + 7] = threshold(h);
    }

    /** The child that a vector goes to, or the leaf itself. Has no branch, because the processor could not predict it. */
    private int step(int index, double[] vector) {
        long node = nodes[index];
        int links = (int) node;
        int left = index + (links >>> FEATURE_BITS & 1);
        int right = links >>> RIGHT_SHIFT;
        double over = vector[links & FEATURE_MASK] - Float.intBitsToFloat((int) (node >>> Integer.SIZE));
        int below = (int) (Double.doubleToRawLongBits(over) >> (Long.SIZE - 1));
        return right + (left - right & below);
    }

    /** The number of nodes. */
    public int size() {
        return nodes.length;
    }

    /** The feature of a node, or {@link #LEAF}. */
    byte feature(int index) {
        int links = (int) nodes[index];
        return (links & INNER) == 0 ? LEAF : (byte) (links & FEATURE_MASK);
    }

    /** The threshold of a node, or the value of a leaf. */
    float threshold(int index) {
        return Float.intBitsToFloat((int) (nodes[index] >>> Integer.SIZE));
    }

    /** The right child of a node, or the leaf itself. */
    int right(int index) {
        return (int) nodes[index] >>> RIGHT_SHIFT;
    }
}
