package io.github.godwit.training.learn;

import java.util.List;

/**
 * One way of making a model.
 *
 * @param learner  what learns
 * @param residual whether it learns what the simulation is off by, rather than the metric itself
 * @param features what it may read
 */
public record Recipe(Learner learner, boolean residual, FeatureSet features) {

    /** Those that compete for being exported. */
    public static final List<Recipe> EXPORTABLE = List.of(
            new Recipe(Learner.EXTRA_TREES, true, FeatureSet.PHYSICS),
            new Recipe(Learner.EXTRA_TREES, false, FeatureSet.PHYSICS),
            new Recipe(Learner.RANDOM_FOREST, true, FeatureSet.PHYSICS),
            new Recipe(Learner.RANDOM_FOREST, false, FeatureSet.PHYSICS),
            new Recipe(Learner.MIXED_FOREST, true, FeatureSet.PHYSICS),
            new Recipe(Learner.MIXED_FOREST, false, FeatureSet.PHYSICS),
            new Recipe(Learner.BOOSTING, true, FeatureSet.PHYSICS),
            new Recipe(Learner.BOOSTING, false, FeatureSet.PHYSICS));

    /** Those that are compared besides: without the simulation, as the papers have it, and support vectors. */
    public static final List<Recipe> COMPARED = List.of(
            new Recipe(Learner.EXTRA_TREES, false, FeatureSet.CASE),
            new Recipe(Learner.RANDOM_FOREST, false, FeatureSet.CASE),
            new Recipe(Learner.BOOSTING, false, FeatureSet.CASE),
            new Recipe(Learner.SVR, false, FeatureSet.CASE),
            new Recipe(Learner.SVR, true, FeatureSet.PHYSICS));

    /** Its name in tables. */
    public String label() {
        return "%s%s on %s".formatted(learner, residual ? ", residual" : "", features);
    }
}
