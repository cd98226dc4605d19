package weka.classifiers.trees;

/** Reads the nodes of Weka's trees. It is in Weka's package because the nodes are package-private. */
public final class TreeNodes {

    private static final int LEAF = -1;

    private TreeNodes() {}

    /** Visits a {@link RandomTree} for a numeric class. */
    public static void visit(RandomTree tree, NodeVisitor visitor) {
        visit(tree.m_Tree, 0, visitor);
    }

    private static void visit(RandomTree.Tree node, double inherited, NodeVisitor visitor) {
        double value = node.m_ClassDistribution == null ? inherited : node.m_ClassDistribution[0];
        if (node.m_Attribute == LEAF) {
            visitor.leaf(value);
            return;
        }
        int split = visitor.split(node.m_Attribute, node.m_SplitPoint);
        visit(node.m_Successors[0], value, visitor);
        visitor.turnRight(split);
        visit(node.m_Successors[1], value, visitor);
    }

    /** Visits a {@link REPTree} for a numeric class. */
    public static void visit(REPTree tree, NodeVisitor visitor) {
        visit(tree.m_Tree, 0, visitor);
    }

    private static void visit(REPTree.Tree node, double inherited, NodeVisitor visitor) {
        double value = node.m_ClassProbs == null ? inherited : node.m_ClassProbs[0];
        if (node.m_Attribute == LEAF) {
            visitor.leaf(value);
            return;
        }
        int split = visitor.split(node.m_Attribute, node.m_SplitPoint);
        visit(node.m_Successors[0], value, visitor);
        visitor.turnRight(split);
        visit(node.m_Successors[1], value, visitor);
    }
}
