package io.github.godwit.training.learn;

import java.util.Arrays;
import java.util.Random;
import weka.classifiers.AbstractClassifier;
import weka.core.Capabilities;
import weka.core.Capabilities.Capability;
import weka.core.Instance;
import weka.core.Instances;
import weka.core.Randomizable;

/**
 * An extremely randomised regression tree (Geurts, Ernst, Wehenkel 2006) as a Weka classifier. At each node it draws a few features
 * and a random threshold for each, and splits by the one that reduces the variance most. In a {@link
 * weka.classifiers.meta.RandomCommittee} these trees are ExtraTrees, where each tree sees all instances.
 */
public final class ExtraTree extends AbstractClassifier implements Randomizable {

    private static final long serialVersionUID = 1L;

    private int seed = 1;
    private int leastInstances = 2;
    private int features;
    private transient FlatTree tree;
    private int classIndex;

    /** Smallest number of instances in a child; a node with less than twice as many is not split. */
    public void setLeastInstances(int least) {
        leastInstances = least;
    }

    /** Number of features to try at a node; 0 for all. */
    public void setFeatures(int count) {
        features = count;
    }

    @Override
    public void setSeed(int value) {
        seed = value;
    }

    @Override
    public int getSeed() {
        return seed;
    }

    @Override
    public Capabilities getCapabilities() {
        Capabilities capabilities = super.getCapabilities();
        capabilities.disableAll();
        capabilities.enable(Capability.NUMERIC_ATTRIBUTES);
        capabilities.enable(Capability.NUMERIC_CLASS);
        return capabilities;
    }

    @Override
    public void buildClassifier(Instances data) throws Exception {
        getCapabilities().testWithFail(data);
        classIndex = data.classIndex();
        tree = new Growth(data).grow();
    }

    @Override
    public double classifyInstance(Instance instance) {
        return tree.valueAt(instance.toDoubleArray());
    }

    /** The trained tree; its features are the indices of the attributes. */
    FlatTree tree() {
        return tree;
    }

    /** Grows one tree. */
    private final class Growth {
        private final double[][] columns;
        private final double[] target;
        private final int[] order;
        private final int[] attributes;
        private final Random random = new Random(seed);
        private final FlatTree grown = new FlatTree();

        Growth(Instances data) {
            int rows = data.numInstances();
            columns = new double[data.numAttributes()][];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = data.attributeToDoubleArray(i);
            }
            target = columns[classIndex];
            order = new int[rows];
            Arrays.setAll(order, i -> i);
            attributes = new int[columns.length - 1];
            for (int i = 0, next = 0; i < columns.length; i++) {
                if (i != classIndex) {
                    attributes[next++] = i;
                }
            }
        }

        FlatTree grow() {
            grow(0, order.length);
            return grown;
        }

        private void grow(int from, int to) {
            double sum = 0;
            double squares = 0;
            for (int i = from; i < to; i++) {
                double value = target[order[i]];
                sum += value;
                squares += value * value;
            }
            int count = to - from;
            double variance = squares - sum * sum / count;
            if (count < 2 * leastInstances || variance <= 1e-12 * Math.max(1, squares) || !split(from, to, sum)) {
                grown.leaf(count == 0 ? 0 : sum / count);
            }
        }

        /** Splits a range of rows and grows both parts; returns false when no feature differs within it. */
        private boolean split(int from, int to, double sum) {
            int bestFeature = -1;
            double bestThreshold = 0;
            double bestGain = Double.NEGATIVE_INFINITY;
            int wanted = features == 0 ? attributes.length : Math.min(features, attributes.length);
            int tried = 0;
            for (int i = 0; i < attributes.length && tried < wanted; i++) {
                swap(attributes, i, i + random.nextInt(attributes.length - i));
                double[] column = columns[attributes[i]];
                double low = Double.POSITIVE_INFINITY;
                double high = Double.NEGATIVE_INFINITY;
                for (int j = from; j < to; j++) {
                    double value = column[order[j]];
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
                if (high - low <= 1e-12 * Math.max(1, Math.abs(high))) {
                    continue;
                }
                tried++;
                double threshold = low + (high - low) * (1 - random.nextDouble());
                double gain = gain(column, threshold, from, to, sum);
                if (gain > bestGain) {
                    bestGain = gain;
                    bestFeature = attributes[i];
                    bestThreshold = threshold;
                }
            }
            if (bestFeature < 0) {
                return false;
            }
            int middle = partition(columns[bestFeature], bestThreshold, from, to);
            int node = grown.split(bestFeature, bestThreshold);
            grow(from, middle);
            grown.turnRight(node);
            grow(middle, to);
            return true;
        }

        /** Variance that the split explains, up to a constant; the threshold is above the smallest value. */
        private double gain(double[] column, double threshold, int from, int to, double sum) {
            double leftSum = 0;
            int left = 0;
            for (int i = from; i < to; i++) {
                int row = order[i];
                if (column[row] < threshold) {
                    leftSum += target[row];
                    left++;
                }
            }
            int right = to - from - left;
            if (left == 0 || right == 0) {
                return Double.NEGATIVE_INFINITY;
            }
            double rightSum = sum - leftSum;
            return leftSum * leftSum / left + rightSum * rightSum / right;
        }

        private int partition(double[] column, double threshold, int from, int to) {
            int middle = from;
            for (int i = from; i < to; i++) {
                if (column[order[i]] < threshold) {
                    swap(order, i, middle++);
                }
            }
            return middle;
        }

        private void swap(int[] array, int i, int j) {
            int kept = array[i];
            array[i] = array[j];
            array[j] = kept;
        }
    }
}
