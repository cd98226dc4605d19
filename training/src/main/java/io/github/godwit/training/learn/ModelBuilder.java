package io.github.godwit.training.learn;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.forest.Ensemble;
import io.github.godwit.model.predict.forest.PredictionModel;
import io.github.godwit.model.predict.forest.PredictionModel.About;
import io.github.godwit.model.predict.forest.TrainingDomain;
import io.github.godwit.model.predict.forest.Trees;
import io.github.godwit.model.technique.Technique;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects trained forests in the flat arrays of one model file. */
public final class ModelBuilder {

    private final Map<Technique, Map<Metric, Ensemble>> ensembles = new EnumMap<>(Technique.class);
    private final Map<Technique, Ensemble> converged = new EnumMap<>(Technique.class);
    private final List<FlatTree> trees = new ArrayList<>();
    private int nodes;

    /**
     * Adds a model.
     *
     * @param trained     a model whose regressor is a forest
     * @param quantile    half width of its intervals, as a multiple of the spread
     * @param spreadFloor constant that is added to every spread
     */
    public void add(Problem.Trained trained, double quantile, double spreadFloor) {
        Regressor.Forest forest = (Regressor.Forest) trained.regressor();
        int[] roots = new int[forest.trees().size()];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = nodes;
            trees.add(forest.trees().get(i));
            nodes += forest.trees().get(i).size();
        }
        Ensemble ensemble = new Ensemble(
                roots, forest.boosted(), trained.recipe().residual(), forest.base(), quantile, spreadFloor);
        Technique technique = trained.problem().technique();
        if (trained.problem().metric() == null) {
            converged.put(technique, ensemble);
        } else {
            ensembles
                    .computeIfAbsent(technique, any -> new EnumMap<>(Metric.class))
                    .put(trained.problem().metric(), ensemble);
        }
    }

    /** Returns the complete model. */
    public PredictionModel build(About about, TrainingDomain domain) {
        byte[] feature = new byte[nodes];
        float[] threshold = new float[nodes];
        int[] right = new int[nodes];
        int next = 0;
        for (FlatTree tree : trees) {
            for (int node = 0; node < tree.size(); node++) {
                feature[next + node] = (byte) tree.feature(node);
                threshold[next + node] = (float) tree.threshold(node);
                right[next + node] = next + tree.right(node);
            }
            next += tree.size();
        }
        return new PredictionModel(about, domain, new Trees(feature, threshold, right), ensembles, converged);
    }
}
