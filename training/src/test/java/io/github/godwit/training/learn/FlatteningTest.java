package io.github.godwit.training.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.forest.CaseVector;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weka.classifiers.Classifier;
import weka.classifiers.meta.AdditiveRegression;
import weka.classifiers.trees.REPTree;
import weka.classifiers.trees.RandomForest;
import weka.classifiers.trees.RandomTree;
import weka.core.Attribute;
import weka.core.DenseInstance;
import weka.core.Instances;

/** Flat trees predict the same values as Weka's classifiers with the same settings. */
class FlatteningTest {

    private static final int ROWS = 250;
    private static final int[] PLACES = {0, 1, 2, 3};
    private static final int TREES = 28;

    private final double[][] vectors = new double[ROWS][CaseVector.LENGTH];
    private final double[] targets = new double[ROWS];
    private final Instances data = data();

    private Instances data() {
        ArrayList<Attribute> attributes = new ArrayList<>();
        for (int i = 0; i <= PLACES.length; i++) {
            attributes.add(new Attribute("a" + i));
        }
        Instances instances = new Instances("data", attributes, ROWS);
        instances.setClassIndex(PLACES.length);
        Random random = new Random(9);
        for (int i = 0; i < ROWS; i++) {
            double[] values = new double[PLACES.length + 1];
            for (int j = 0; j < PLACES.length; j++) {
                vectors[i][j] = random.nextDouble();
                values[j] = vectors[i][j];
            }
            targets[i] = Math.sin(6 * vectors[i][0]) + vectors[i][1] * vectors[i][2];
            values[PLACES.length] = targets[i];
            instances.add(new DenseInstance(1, values));
        }
        return instances;
    }

    @Test
    void boosting() throws Exception {
        REPTree tree = new REPTree();
        tree.setNoPruning(true);
        tree.setMaxDepth(4);
        tree.setMinNum(4);
        AdditiveRegression weka = new AdditiveRegression();
        weka.setClassifier(tree);
        weka.setNumIterations(80);
        weka.setShrinkage(0.1);

        assertSame(weka, Learner.BOOSTING.learn(vectors, targets, PLACES, TREES, 1));
    }

    @Test
    void randomForest() throws Exception {
        RandomForest weka = new RandomForest();
        weka.setNumIterations(TREES);
        weka.setNumFeatures(1);
        ((RandomTree) weka.getClassifier()).setMinNum(Learner.LEAST_INSTANCES);
        weka.setSeed(new Random(1).nextInt(1 << 30));

        assertSame(weka, Learner.RANDOM_FOREST.learn(vectors, targets, PLACES, TREES, 1));
    }

    private void assertSame(Classifier weka, Regressor flat) throws Exception {
        weka.buildClassifier(data);
        for (int i = 0; i < ROWS; i++) {
            assertThat(flat.answer(vectors[i]).mean()).isCloseTo(weka.classifyInstance(data.get(i)), within(1e-9));
        }
    }
}
