package weka.classifiers.trees;

/** Is told a regression tree node by node, in preorder. */
public interface NodeVisitor {

    /** An inner node; what is below the threshold goes left. Returns a handle for {@link #turnRight}. */
    int split(int attribute, double threshold);

    /** The left part of a node is complete. */
    void turnRight(int node);

    /** A leaf. */
    void leaf(double value);
}
