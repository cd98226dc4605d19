package io.github.godwit.model.select;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.util.Map;
import java.util.Optional;

/**
 * Rules out techniques that free the source early, at a cost to others and a risk to the VM, where that is not wanted or gains too little: a
 * destination that keeps up with the source has everything as early.
 */
final class EarlyEviction {

    /** The source must be free in this share of the time that the quickest other technique takes. */
    private static final double CLEARLY = 0.9;

    private static final Technique[] TECHNIQUES = Technique.values();

    private EarlyEviction() {}

    /** What is left to compare. */
    static TechniqueAvailability of(TechniqueAvailability availability, PredictionTable predictions, SloPolicy policy) {
        TechniqueAvailability left = availability;
        for (Technique technique : TECHNIQUES) {
            if (technique.traits().scattering() && !availability.unavailable().containsKey(technique)) {
                Optional<String> reason = reason(technique, availability, predictions, policy);
                if (reason.isPresent()) {
                    left = left.without(Map.of(technique, reason.get()));
                }
            }
        }
        return left;
    }

    private static Optional<String> reason(
            Technique technique, TechniqueAvailability availability, PredictionTable predictions, SloPolicy policy) {
        if (!policy.eviction()) {
            return Optional.of("frees the source before the migration ends, which %s does not ask for (eviction)"
                    .formatted(policy.title()));
        }
        if (!predictions.has(technique) || predictions.eviction(technique) == null) {
            return Optional.empty();
        }
        Technique quickest = quickestOther(availability, predictions);
        if (quickest == null) {
            return Optional.empty();
        }
        double free = predictions.eviction(technique).millis().value();
        double other = predictions.value(quickest, Metric.TOTAL_TIME);
        return free <= CLEARLY * other
                ? Optional.empty()
                : Optional.of("gains too little: the source is free after %s, by %s after %s"
                        .formatted(Metric.TOTAL_TIME.format(free), quickest, Metric.TOTAL_TIME.format(other)));
    }

    private static Technique quickestOther(TechniqueAvailability availability, PredictionTable predictions) {
        Technique quickest = null;
        for (Technique technique : TECHNIQUES) {
            boolean can = !availability.unavailable().containsKey(technique)
                    && predictions.has(technique)
                    && predictions.converges(technique)
                    && !technique.traits().scattering();
            if (can
                    && (quickest == null
                            || predictions.value(technique, Metric.TOTAL_TIME)
                                    < predictions.value(quickest, Metric.TOTAL_TIME))) {
                quickest = technique;
            }
        }
        return quickest;
    }
}
