package io.github.godwit.model.predict.forest;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.Technique;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * A set of trained models: one ensemble for each metric of each technique that there was data for.
 *
 * @param about     where it comes from
 * @param domain    where its training cases lie
 * @param trees     all trees of all ensembles
 * @param ensembles the ensembles; a technique has all six metrics or none
 * @param converged for each of these techniques the ensemble that tells whether the migration ends within its time limit:
 *                  0 for no, 1 for yes; techniques that always end have none
 */
public record PredictionModel(
        About about,
        TrainingDomain domain,
        Trees trees,
        Map<Technique, Map<Metric, Ensemble>> ensembles,
        Map<Technique, Ensemble> converged) {

    /**
     * Where a model comes from.
     *
     * @param fingerprint SHA-256 of the rows it was trained on
     * @param rows        how many rows these were
     * @param trainedAt   when, ISO 8601
     * @param description who or what made it, for people
     * @param accelerators how the VMs of these rows were run; a VM that is run otherwise is unfamiliar to the model
     */
    public record About(
            String fingerprint, int rows, String trainedAt, String description, Set<Accelerator> accelerators) {
        /**
         * @throws IllegalArgumentException when there is no accelerator
         */
        public About {
            if (accelerators.isEmpty()) {
                throw new IllegalArgumentException("A model needs the accelerators of the rows it was trained on.");
            }
            accelerators = Collections.unmodifiableSet(EnumSet.copyOf(accelerators));
        }
    }

    /**
     * @throws IllegalArgumentException when a technique lacks a metric, or a tree is not there
     */
    public PredictionModel {
        EnumMap<Technique, Map<Metric, Ensemble>> copy = new EnumMap<>(Technique.class);
        ensembles.forEach((technique, metrics) -> copy.put(technique, checked(technique, metrics, trees)));
        ensembles = Collections.unmodifiableMap(copy);
        EnumMap<Technique, Ensemble> ends = new EnumMap<>(Technique.class);
        ends.putAll(converged);
        ends.values().forEach(ensemble -> check(ensemble, trees));
        converged = Collections.unmodifiableMap(ends);
    }

    private static Map<Metric, Ensemble> checked(Technique technique, Map<Metric, Ensemble> metrics, Trees trees) {
        if (metrics.size() != Metric.values().length) {
            throw new IllegalArgumentException(
                    "The model of %s has only the metrics %s.".formatted(technique, metrics.keySet()));
        }
        metrics.values().forEach(ensemble -> check(ensemble, trees));
        return Collections.unmodifiableMap(new EnumMap<>(metrics));
    }

    private static void check(Ensemble ensemble, Trees trees) {
        for (int root : ensemble.roots()) {
            if (root < 0 || root >= trees.size()) {
                throw new IllegalArgumentException("There is no tree at node %d.".formatted(root));
            }
        }
    }

    /** Techniques that it can predict. */
    public Set<Technique> techniques() {
        return ensembles.keySet();
    }
}
