package io.github.godwit.training.learn;

import io.github.godwit.model.predict.forest.CaseVector;
import io.github.godwit.model.predict.forest.TrainingDomain;
import io.github.godwit.training.data.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weka.clusterers.SimpleKMeans;
import weka.core.Attribute;
import weka.core.DenseInstance;
import weka.core.Instances;

/**
 * Finds the domain of the training cases: k-means clusters, each a ball up to its farthest member, all widened until 95 % of the
 * cases of held-out VMs are inside. A feature that never varied in training does not count: the models cannot depend on it, and the
 * simulation, which they correct, does. What it changes beyond that is corrected by the host's own migrations.
 */
public final class DomainBuilder {

    private static final int MOST_CENTRES = 64;
    private static final int CASES_PER_CENTRE = 4;
    private static final int PARTS = 5;
    private static final double HELD = 0.95;

    /** Smallest scale of a feature that varied. One that hardly varied in training is unknown at other values, so a small step is far. */
    private static final double LEAST_SCALE = 0.05;

    /** A feature varied if its standard deviation is larger than rounding makes it. */
    private static final double VARIED = 1e-6;

    /** Scale of a feature that never varied: no difference counts. */
    private static final double ANY = Double.POSITIVE_INFINITY;

    private static final double LEAST_RADIUS = 0.5;

    private DomainBuilder() {}

    /** Builds the domain of the samples' cases. */
    public static TrainingDomain of(List<Sample> samples, long seed) {
        Map<String, Sample> cases = new LinkedHashMap<>();
        samples.forEach(sample -> cases.putIfAbsent(sample.row().caseId(), sample));
        List<Sample> distinct = new ArrayList<>(cases.values());
        double[] scales = scales(distinct);
        List<Double> leftOut = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            int now = part;
            List<Sample> outside = distinct.stream()
                    .filter(sample -> Math.floorMod(sample.vm().hashCode(), PARTS) == now)
                    .toList();
            List<Sample> inside = distinct.stream()
                    .filter(sample -> Math.floorMod(sample.vm().hashCode(), PARTS) != now)
                    .toList();
            if (!inside.isEmpty()) {
                TrainingDomain domain = balls(inside, scales, seed, 1);
                outside.forEach(sample -> leftOut.add(domain.distance(sample.array())));
            }
        }
        leftOut.sort(null);
        double widen = leftOut.isEmpty()
                ? 1
                : Math.max(1, leftOut.get(Math.min(leftOut.size() - 1, (int) (HELD * leftOut.size()))));
        return balls(distinct, scales, seed, widen);
    }

    private static double[] scales(List<Sample> cases) {
        double[] sums = new double[CaseVector.CASE_FEATURES];
        double[] squares = new double[CaseVector.CASE_FEATURES];
        for (Sample sample : cases) {
            double[] vector = sample.array();
            for (int i = 0; i < sums.length; i++) {
                sums[i] += vector[i];
                squares[i] += vector[i] * vector[i];
            }
        }
        double[] scales = new double[sums.length];
        for (int i = 0; i < scales.length; i++) {
            double mean = sums[i] / cases.size();
            double deviation = Math.sqrt(Math.max(0, squares[i] / cases.size() - mean * mean));
            scales[i] = deviation > VARIED ? Math.max(LEAST_SCALE, deviation) : ANY;
        }
        return scales;
    }

    private static TrainingDomain balls(List<Sample> cases, double[] scales, long seed, double widen) {
        double[][] centres = centres(cases, scales, seed);
        double[] radii = new double[centres.length];
        Arrays.fill(radii, LEAST_RADIUS);
        for (Sample sample : cases) {
            double[] vector = sample.array();
            int nearest = 0;
            double distance = Double.POSITIVE_INFINITY;
            for (int i = 0; i < centres.length; i++) {
                double now = distance(vector, scales, centres[i]);
                if (now < distance) {
                    distance = now;
                    nearest = i;
                }
            }
            radii[nearest] = Math.max(radii[nearest], distance);
        }
        return new TrainingDomain(
                scales,
                centres,
                Arrays.stream(radii).map(radius -> radius * widen).toArray());
    }

    private static double distance(double[] vector, double[] scales, double[] centre) {
        double sum = 0;
        for (int i = 0; i < centre.length; i++) {
            double difference = vector[i] / scales[i] - centre[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    private static double[][] centres(List<Sample> cases, double[] scales, long seed) {
        ArrayList<Attribute> attributes = new ArrayList<>();
        for (int i = 0; i < scales.length; i++) {
            attributes.add(new Attribute("x" + i));
        }
        Instances data = new Instances("cases", attributes, cases.size());
        for (Sample sample : cases) {
            double[] vector = sample.array();
            double[] values = new double[scales.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = vector[i] / scales[i];
            }
            data.add(new DenseInstance(1, values));
        }
        SimpleKMeans means = new SimpleKMeans();
        try {
            means.setNumClusters(Math.max(1, Math.min(MOST_CENTRES, cases.size() / CASES_PER_CENTRE)));
            means.setSeed((int) seed);
            means.buildClusterer(data);
        } catch (Exception e) {
            throw new IllegalStateException("The training cases cannot be clustered.", e);
        }
        return means.getClusterCentroids().stream()
                .map(centre -> Arrays.copyOf(centre.toDoubleArray(), scales.length))
                .toArray(double[][]::new);
    }
}
