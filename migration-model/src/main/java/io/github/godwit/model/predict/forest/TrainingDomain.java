package io.github.godwit.model.predict.forest;

import java.util.Arrays;

/**
 * The region of a model's training cases, from which the distance of a case follows: balls around centres in the space
 * of the case's features, each feature in units of its spread in training.
 */
public final class TrainingDomain {

    private final double[] scales;
    private final double[][] centres;
    private final double[] radii;

    /**
     * @param scales  spread of each feature of the case in training
     * @param centres centres of the balls, each with one coordinate for each feature, in units of {@code scales}
     * @param radii   radii of the balls, in the same units
     * @throws IllegalArgumentException when the lengths do not match, or a scale or a radius is not positive
     */
    public TrainingDomain(double[] scales, double[][] centres, double[] radii) {
        if (scales.length != CaseVector.CASE_FEATURES || centres.length != radii.length || centres.length == 0) {
            throw new IllegalArgumentException(
                    "A training domain needs %d scales and a radius for each of at least one ball, not %d scales, %d centres and %d radii."
                            .formatted(CaseVector.CASE_FEATURES, scales.length, centres.length, radii.length));
        }
        for (double[] centre : centres) {
            if (centre.length != scales.length) {
                throw new IllegalArgumentException(
                        "A centre needs %d coordinates, not %d.".formatted(scales.length, centre.length));
            }
        }
        for (double scale : scales) {
            positive(scale);
        }
        for (double radius : radii) {
            positive(radius);
        }
        this.scales = scales.clone();
        this.centres = Arrays.stream(centres).map(double[]::clone).toArray(double[][]::new);
        this.radii = radii.clone();
    }

    double[] scales() {
        return scales;
    }

    double[][] centres() {
        return centres;
    }

    double[] radii() {
        return radii;
    }

    private static void positive(double number) {
        if (!(number > 0)) {
            throw new IllegalArgumentException("Scales and radii (%s) must be positive.".formatted(number));
        }
    }

    /**
     * Distance of a case from the nearest centre, in units of its radius: up to 1 the case is similar to training cases.
     *
     * @param vector a {@link CaseVector}; only the case's part is read
     */
    public double distance(double[] vector) {
        double nearest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < centres.length; i++) {
            double limit = nearest * radii[i];
            nearest = Math.min(nearest, Math.sqrt(squaredDistance(vector, centres[i], limit * limit)) / radii[i]);
        }
        return nearest;
    }

    /** Stops when the distance exceeds that of the nearest ball so far. */
    private double squaredDistance(double[] vector, double[] centre, double limit) {
        double sum = 0;
        for (int i = 0; i < centre.length && sum < limit; i++) {
            double difference = vector[i] / scales[i] - centre[i];
            sum += difference * difference;
        }
        return sum;
    }
}
