package io.github.godwit.model.predict.forest;

import java.util.Arrays;

/**
 * Where the cases lie that a model was trained on, so that it can tell how far a case is from all of them: balls around
 * centres, in the space of the case's features, each feature in units of its spread in training.
 */
public final class TrainingDomain {

    private final double[] scales;
    private final double[][] centres;
    private final double[] radii;

    /**
     * @param scales  spread of each feature of the case
     * @param centres centres of the balls, each with one coordinate for each feature, in units of {@code scales}
     * @param radii   radii of the balls
     * @throws IllegalArgumentException when the sizes do not fit, or a scale or a radius is not positive
     */
    public TrainingDomain(double[] scales, double[][] centres, double[] radii) {
        if (scales.length != CaseVector.CASE_FEATURES || centres.length != radii.length || centres.length == 0) {
            throw new IllegalArgumentException(
                    "A training domain needs a scale for each feature and a radius for each ball.");
        }
        for (double[] centre : centres) {
            if (centre.length != scales.length) {
                throw new IllegalArgumentException("A centre needs a coordinate for each feature.");
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
     * Distance of a case to the nearest ball, in its radii: up to 1 it lies where training cases lie.
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

    /** Stops adding when it is past what could still be nearest. */
    private double squaredDistance(double[] vector, double[] centre, double limit) {
        double sum = 0;
        for (int i = 0; i < centre.length && sum < limit; i++) {
            double difference = vector[i] / scales[i] - centre[i];
            sum += difference * difference;
        }
        return sum;
    }
}
