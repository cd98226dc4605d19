package io.github.godwit.strategy.shadow;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction.Estimate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * Where measured values lay in the intervals of their predictions: 0 at the predicted value, 1 at the upper end, −1 at the lower end, beyond
 * for what lay outside. What a technique that did not run would have cost is drawn from these places and the interval of its own prediction,
 * so that predictions that were wrong, or too sure of themselves, make what was saved as unsure. Pure.
 */
final class SeenErrors {

    private static final double[] NONE = {0};

    private final Map<Metric, double[]> places = new EnumMap<>(Metric.class);

    /** The errors of the predictions of what ran. */
    SeenErrors(List<RecordedMigration> migrations) {
        for (Metric metric : Metric.values()) {
            double[] seen = migrations.stream()
                    .filter(each ->
                            each.cost(metric) != null && each.predicted().get(metric) != null)
                    .map(each -> place(each.predicted().get(metric), each.cost(metric)))
                    .filter(OptionalDouble::isPresent)
                    .mapToDouble(OptionalDouble::getAsDouble)
                    .toArray();
            places.put(metric, seen.length == 0 ? NONE : seen);
        }
    }

    /** The place of a measured value; none in an interval without that side. */
    static OptionalDouble place(Estimate predicted, double measured) {
        double off = measured - predicted.value();
        double side = off > 0 ? predicted.high() - predicted.value() : predicted.value() - predicted.low();
        if (off == 0) {
            return OptionalDouble.of(0);
        }
        return side > 0 ? OptionalDouble.of(off / side) : OptionalDouble.empty();
    }

    /** Draws what a predicted value may turn out to be. Costs are not negative, but for CPU, and PERF is at most 1. */
    double draw(Metric metric, Estimate predicted, SplittableRandom random) {
        double[] seen = places.get(metric);
        double place = seen[random.nextInt(seen.length)];
        double side = place > 0 ? predicted.high() - predicted.value() : predicted.value() - predicted.low();
        double drawn = predicted.value() + place * side;
        return switch (metric) {
            case CPU -> drawn;
            case PERFORMANCE -> Math.min(1, Math.max(0, drawn));
            default -> Math.max(0, drawn);
        };
    }
}
