package io.github.godwit.training.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import weka.classifiers.Classifier;
import weka.classifiers.functions.SMOreg;
import weka.classifiers.functions.supportVector.RBFKernel;
import weka.classifiers.meta.AdditiveRegression;
import weka.classifiers.meta.Bagging;
import weka.classifiers.meta.RandomCommittee;
import weka.classifiers.trees.NodeVisitor;
import weka.classifiers.trees.REPTree;
import weka.classifiers.trees.RandomForest;
import weka.classifiers.trees.RandomTree;
import weka.classifiers.trees.TreeNodes;
import weka.core.Attribute;
import weka.core.DenseInstance;
import weka.core.Instances;

/** The learners: those of Weka, and ExtraTrees as a committee of {@link ExtraTree}. */
public enum Learner {
    /** Extremely randomised trees. */
    EXTRA_TREES {
        @Override
        Regressor train(Instances data, int[] places, int trees, long seed) throws Exception {
            return new TreeForest(extraTrees(data, places, trees, seed), false, 0);
        }
    },
    /** Random forest. */
    RANDOM_FOREST {
        @Override
        Regressor train(Instances data, int[] places, int trees, long seed) throws Exception {
            return new TreeForest(randomForest(data, places, trees, seed), false, 0);
        }
    },
    /** A forest with half of its trees from each, because their errors often differ. */
    MIXED_FOREST {
        @Override
        Regressor train(Instances data, int[] places, int trees, long seed) throws Exception {
            List<FlatTree> flat = new ArrayList<>(extraTrees(data, places, trees - trees / 2, seed));
            flat.addAll(randomForest(data, places, trees / 2, seed));
            return new TreeForest(flat, false, 0);
        }
    },
    /** Gradient boosting. */
    BOOSTING {
        @Override
        Regressor train(Instances data, int[] places, int trees, long seed) throws Exception {
            REPTree tree = new REPTree();
            tree.setNoPruning(true);
            tree.setMaxDepth(4);
            tree.setMinNum(4);
            OpenBoosting boosting = new OpenBoosting();
            boosting.setClassifier(tree);
            boosting.setNumIterations(ROUNDS);
            boosting.setShrinkage(SHRINKAGE);
            boosting.buildClassifier(data);
            List<FlatTree> flat = new ArrayList<>();
            for (Classifier member : boosting.members()) {
                Flattening flattening = new Flattening(places, SHRINKAGE);
                TreeNodes.visit((REPTree) member, flattening);
                flat.add(flattening.tree);
            }
            return new TreeForest(flat, true, boosting.first());
        }
    },
    /** Bagged support vector regression, a baseline that is compared but cannot be exported. */
    SVR {
        @Override
        Regressor train(Instances data, int[] places, int trees, long seed) throws Exception {
            SMOreg machine = new SMOreg();
            RBFKernel kernel = new RBFKernel();
            kernel.setGamma(0.05);
            machine.setKernel(kernel);
            machine.setC(1);
            OpenBagging bagging = new OpenBagging();
            bagging.setClassifier(machine);
            bagging.setNumIterations(BAGS);
            bagging.setSeed((int) seed);
            bagging.setBagSizePercent(Math.max(1, Math.min(100, 100 * MOST_IN_BAG / data.numInstances())));
            bagging.buildClassifier(data);
            return new Machines(bagging, new Instances(data, 0), places);
        }
    };

    /** Smallest number of rows in a leaf; smaller leaves make the trees deeper and slower, and not better. */
    static final int LEAST_INSTANCES = 3;

    private static final int ROUNDS = 80;
    private static final double SHRINKAGE = 0.1;
    private static final int BAGS = 5;
    private static final int MOST_IN_BAG = 1000;

    static {
        QuietWeka.load();
    }

    /** Whether its models can be exported. */
    public boolean isExportable() {
        return this != SVR;
    }

    /**
     * Trains a regressor.
     *
     * @param vectors complete case vectors
     * @param targets the value to predict for each vector
     * @param places  positions of the vectors that may be read
     * @param trees   number of trees of a forest
     * @param seed    the same seed gives the same result
     */
    public Regressor learn(double[][] vectors, double[] targets, int[] places, int trees, long seed) {
        if (!isExportable() && Arrays.stream(targets).allMatch(target -> target == targets[0])) {
            return new TreeForest(
                    List.of(), true, targets[0]); // all targets are equal, which support vector regression refuses
        }
        try {
            return train(instances(vectors, targets, places), places, trees, new Random(seed).nextInt(1 << 30));
        } catch (Exception e) {
            throw new IllegalStateException("%s cannot be trained on %d rows.".formatted(this, targets.length), e);
        }
    }

    /** Weka declares no narrower exception. */
    abstract Regressor train(Instances data, int[] places, int trees, long seed) throws Exception;

    private static List<FlatTree> extraTrees(Instances data, int[] places, int trees, long seed) throws Exception {
        ExtraTree tree = new ExtraTree();
        tree.setLeastInstances(LEAST_INSTANCES);
        Committee committee = new Committee();
        committee.setClassifier(tree);
        committee.setNumIterations(trees);
        committee.setSeed((int) seed);
        committee.buildClassifier(data);
        List<FlatTree> flat = new ArrayList<>();
        for (Classifier member : committee.members()) {
            flat.add(placed(((ExtraTree) member).tree(), places));
        }
        return flat;
    }

    private static List<FlatTree> randomForest(Instances data, int[] places, int trees, long seed) throws Exception {
        OpenForest forest = new OpenForest();
        forest.setNumIterations(trees);
        forest.setNumFeatures(Math.max(1, places.length / 3));
        ((RandomTree) forest.getClassifier()).setMinNum(LEAST_INSTANCES);
        forest.setSeed((int) seed);
        forest.buildClassifier(data);
        List<FlatTree> flat = new ArrayList<>();
        for (Classifier member : forest.members()) {
            Flattening flattening = new Flattening(places, 1);
            TreeNodes.visit((RandomTree) member, flattening);
            flat.add(flattening.tree);
        }
        return flat;
    }

    private static Instances instances(double[][] vectors, double[] targets, int[] places) {
        ArrayList<Attribute> attributes = new ArrayList<>();
        for (int place : places) {
            attributes.add(new Attribute("x" + place));
        }
        attributes.add(new Attribute("y"));
        Instances data = new Instances("migrations", attributes, vectors.length);
        data.setClassIndex(places.length);
        for (int i = 0; i < vectors.length; i++) {
            double[] values = picked(vectors[i], places);
            values[places.length] = targets[i];
            data.add(new DenseInstance(1, values));
        }
        return data;
    }

    /** The values at the positions, and an empty field for the class. */
    private static double[] picked(double[] vector, int[] places) {
        double[] values = new double[places.length + 1];
        for (int i = 0; i < places.length; i++) {
            values[i] = vector[places[i]];
        }
        return values;
    }

    /** The tree with features as positions of the complete vector. */
    private static FlatTree placed(FlatTree tree, int[] places) {
        Flattening flattening = new Flattening(places, 1);
        copy(tree, 0, flattening);
        return flattening.tree;
    }

    private static void copy(FlatTree tree, int node, NodeVisitor visitor) {
        if (tree.feature(node) < 0) {
            visitor.leaf(tree.threshold(node));
            return;
        }
        int split = visitor.split(tree.feature(node), tree.threshold(node));
        copy(tree, node + 1, visitor);
        visitor.turnRight(split);
        copy(tree, tree.right(node), visitor);
    }

    /** Builds a flat tree from the nodes that it visits. */
    private static final class Flattening implements NodeVisitor {
        private final FlatTree tree = new FlatTree();
        private final int[] places;
        private final double factor;

        Flattening(int[] places, double factor) {
            this.places = places;
            this.factor = factor;
        }

        @Override
        public int split(int attribute, double threshold) {
            return tree.split(places[attribute], threshold);
        }

        @Override
        public void turnRight(int node) {
            tree.turnRight(node);
        }

        @Override
        public void leaf(double value) {
            tree.leaf(value * factor);
        }
    }

    private static final class Committee extends RandomCommittee {
        private static final long serialVersionUID = 1L;

        Classifier[] members() {
            return m_Classifiers;
        }
    }

    private static final class OpenForest extends RandomForest {
        private static final long serialVersionUID = 1L;

        Classifier[] members() {
            return m_Classifiers;
        }
    }

    private static final class OpenBagging extends Bagging {
        private static final long serialVersionUID = 1L;

        Classifier[] members() {
            return m_Classifiers;
        }
    }

    private static final class OpenBoosting extends AdditiveRegression {
        private static final long serialVersionUID = 1L;

        List<Classifier> members() {
            return m_Classifiers;
        }

        double first() {
            return m_InitialPrediction;
        }
    }

    /** Bagged support vector machines, as Weka's objects. */
    private static final class Machines implements Regressor {
        private final Classifier[] members;
        private final Instances header;
        private final int[] places;

        Machines(OpenBagging bagging, Instances header, int[] places) {
            this.members = bagging.members();
            this.header = header;
            this.places = places;
        }

        @Override
        public Answer answer(double[] vector) {
            DenseInstance instance = new DenseInstance(1, picked(vector, places));
            instance.setDataset(header);
            return Answer.of(Arrays.stream(members)
                    .mapToDouble(member -> classified(member, instance))
                    .toArray());
        }

        private static double classified(Classifier member, DenseInstance instance) {
            try {
                return member.classifyInstance(instance);
            } catch (Exception e) {
                throw new IllegalStateException("A trained support vector machine failed to predict.", e);
            }
        }
    }
}
