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
 * A set of trained models: one ensemble for each metric of each technique for which there was data.
 *
 * @param about     the origin of the model
 * @param domain    the region of its training cases
 * @param trees     all trees of all ensembles
 * @param ensembles the ensembles of each technique, which has all six metrics
 * @param converged for each technique the ensemble that predicts whether the migration completes within its time limit, 0 for
 *                  no and 1 for yes; techniques that always complete have none
 */
public record PredictionModel(
        About about,
        TrainingDomain domain,
        Trees trees,
        Map<Technique, Map<Metric, Ensemble>> ensembles,
        Map<Technique, Ensemble> converged) {

    /**
     * The origin of a model.
     *
     * @param fingerprint SHA-256 of the rows it was trained on
     * @param rows        number of these rows
     * @param trainedAt   time of training, ISO 8601
     * @param description who or what trained it, for people
     * @param accelerators the accelerators of the VMs of these rows; a VM with another one is unfamiliar to the model
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
     * @throws IllegalArgumentException when a technique lacks a metric, or a tree does not exist
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

    /** The techniques that the model can predict. */
    public Set<Technique> techniques() {
        return ensembles.keySet();
    }
}
