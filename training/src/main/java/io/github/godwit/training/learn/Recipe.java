package io.github.godwit.training.learn;

import java.util.List;

/**
 * How to train a model.
 *
 * @param learner  the learner
 * @param residual whether it learns the error of the simulation instead of the metric itself
 * @param features the features that it may read
 */
public record Recipe(Learner learner, boolean residual, FeatureSet features) {

    /** The recipes to choose from for export. */
    public static final List<Recipe> EXPORTABLE = List.of(
            new Recipe(Learner.EXTRA_TREES, true, FeatureSet.PHYSICS),
            new Recipe(Learner.EXTRA_TREES, false, FeatureSet.PHYSICS),
            new Recipe(Learner.RANDOM_FOREST, true, FeatureSet.PHYSICS),
            new Recipe(Learner.RANDOM_FOREST, false, FeatureSet.PHYSICS),
            new Recipe(Learner.MIXED_FOREST, true, FeatureSet.PHYSICS),
            new Recipe(Learner.MIXED_FOREST, false, FeatureSet.PHYSICS),
            new Recipe(Learner.BOOSTING, true, FeatureSet.PHYSICS),
            new Recipe(Learner.BOOSTING, false, FeatureSet.PHYSICS));

    /** Recipes that are only compared: without the simulation, as published, and support vectors. */
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
