package weka.classifiers.trees;

/** Visits the nodes of a regression tree in preorder. */
public interface NodeVisitor {

    /** Visits an inner node; values below the threshold go left. Returns a handle for {@link #turnRight}. */
    int split(int attribute, double threshold);

    /** Ends the left part of a node. */
    void turnRight(int node);

    /** Visits a leaf. */
    void leaf(double value);
}
