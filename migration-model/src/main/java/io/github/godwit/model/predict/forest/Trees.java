package io.github.godwit.model.predict.forest;

import io.github.godwit.model.unit.Checks;

/**
 * Regression trees in flat arrays, one node after the other in preorder: a node's left child is the next node, its right
 * child is at {@code right}. A leaf has feature {@link #LEAF} and its value in {@code threshold}. A vector goes left where its
 * feature is below the threshold.
 *
 * <p>In memory a node is one long: the threshold, the right child, the feature, and how far away the left child is. A leaf is its
 * own child on both sides, so that several trees can be walked in step without asking which of them have ended.
 */
public final class Trees {

    /** Feature of a leaf. */
    public static final byte LEAF = -1;

    /** Most nodes: what a right child can count to. */
    static final int MOST_NODES = 1 << 25;

    /** How many trees are walked in step: while the processor waits for a node of one, it goes on with the others. */
    private static final int ABREAST = 8;

    private static final int FEATURE_BITS = 6;
    private static final int FEATURE_MASK = (1 << FEATURE_BITS) - 1;
    private static final int INNER = 1 << FEATURE_BITS;
    private static final int RIGHT_SHIFT = FEATURE_BITS + 1;

    private final long[] nodes;

    /**
     * @param feature   feature of each node
     * @param threshold threshold of each node, or value of a leaf
     * @param right     right child of each node; not read for leaves
     * @throws IllegalArgumentException when the arrays differ in length, there are more than {@link #MOST_NODES}, a child does
     *                                  not come later, or a feature is not in {@link CaseVector}
     */
    public Trees(byte[] feature, float[] threshold, int[] right) {
        if (feature.length != threshold.length || feature.length != right.length) {
            throw new IllegalArgumentException("The arrays of a forest must be of one length.");
        }
        Checks.inRange("number of nodes", feature.length, 0, MOST_NODES);
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
        nodes = new long[feature.length];
        for (int i = 0; i < nodes.length; i++) {
            int ways = feature[i] == LEAF ? i << RIGHT_SHIFT : right[i] << RIGHT_SHIFT | INNER | feature[i];
            nodes[i] = (long) Float.floatToRawIntBits(threshold[i]) << Integer.SIZE | Integer.toUnsignedLong(ways);
        }
    }

    /** Value of the leaf that a vector falls into, from the tree's root on. */
    public double valueAt(int root, double[] vector) {
        int place = root;
        int next = step(place, vector);
        while (next != place) {
            place = next;
            next = step(place, vector);
        }
        return threshold(place);
    }

    /**
     * The same of several trees.
     *
     * @param roots  where each begins
     * @param values takes the value of each, in the same order; at least as long
     */
    void valuesAt(int[] roots, double[] vector, double[] values) {
        int done = 0;
        for (; done + ABREAST <= roots.length; done += ABREAST) {
            abreastValuesAt(roots, done, vector, values);
        }
        if (done < roots.length && roots.length >= ABREAST) { // some again, which is quicker than the others one by one
            abreastValuesAt(roots, roots.length - ABREAST, vector, values);
            return;
        }
        for (; done < roots.length; done++) {
            values[done] = valueAt(roots[done], vector);
        }
    }

    private void abreastValuesAt(int[] roots, int from, double[] vector, double[] values) {
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

    /** The child that a vector goes to; of a leaf, itself. Without a branch, since half of the vectors go either way. */
    private int step(int place, double[] vector) {
        long node = nodes[place];
        int ways = (int) node;
        int left = place + (ways >>> FEATURE_BITS & 1);
        int right = ways >>> RIGHT_SHIFT;
        double over = vector[ways & FEATURE_MASK] - Float.intBitsToFloat((int) (node >>> Integer.SIZE));
        int below = (int) (Double.doubleToRawLongBits(over) >> (Long.SIZE - 1));
        return right + (left - right & below);
    }

    /** Number of nodes. */
    public int size() {
        return nodes.length;
    }

    /** Feature of a node, or {@link #LEAF}. */
    byte feature(int place) {
        int ways = (int) nodes[place];
        return (ways & INNER) == 0 ? LEAF : (byte) (ways & FEATURE_MASK);
    }

    /** Threshold of a node, or value of a leaf. */
    float threshold(int place) {
        return Float.intBitsToFloat((int) (nodes[place] >>> Integer.SIZE));
    }

    /** Right child of a node; of a leaf, itself. */
    int right(int place) {
        return (int) nodes[place] >>> RIGHT_SHIFT;
    }
}
