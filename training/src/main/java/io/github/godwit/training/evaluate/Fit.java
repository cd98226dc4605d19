package io.github.godwit.training.evaluate;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.predict.forest.ModelFormat;
import io.github.godwit.model.predict.forest.PredictionModel;
import io.github.godwit.model.predict.forest.PredictionModel.About;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.learn.DomainBuilder;
import io.github.godwit.training.learn.ModelBuilder;
import io.github.godwit.training.learn.Problem;
import io.github.godwit.training.learn.Recipe;
import io.github.godwit.training.work.Parallel;
import io.github.godwit.training.work.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Trains a model: chooses a recipe for each problem by cross-validation and trains it on all rows. */
public final class Fit {

    private static final int MOST_TO_CHOOSE_BY = 1200;

    private Fit() {}

    /**
     * Trains a model.
     *
     * @param samples   the rows
     * @param trainedAt time of the training for the model file, ISO 8601
     * @param folds     number of folds for the choice of recipes
     * @param seed      the same seed gives the same model
     */
    public static PredictionModel of(List<Sample> samples, String trainedAt, int folds, long seed, Progress progress) {
        List<Problem> problems = Selection.problems(samples);
        if (problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "There are too few rows to learn from: %d. At least one technique needs %d with all metrics."
                            .formatted(samples.size(), Selection.FEWEST_ROWS));
        }
        List<Problem> judged = problems.stream()
                .map(problem -> problem.with(thinned(problem.samples(), seed)))
                .toList();
        List<OutOfFold> chosen = Selection.of(
                        judged, Recipe.EXPORTABLE, List.of(), Folds.byVm(samples, folds, seed), seed, progress)
                .chosen();
        progress.say("Training on all rows");
        ModelBuilder builder = new ModelBuilder();
        List<Integer> places = IntStream.range(0, problems.size()).boxed().toList();
        List<Problem.Trained> trained = Parallel.map(
                places, place -> problems.get(place).train(chosen.get(place).recipe(), seed));
        for (int i = 0; i < chosen.size(); i++) {
            builder.add(trained.get(i), chosen.get(i).quantile(), chosen.get(i).spreadFloor());
        }
        String description = "godwit-train, %d problems".formatted(chosen.size());
        return builder.build(
                new About(fingerprint(samples), samples.size(), trainedAt, description, accelerators(samples)),
                DomainBuilder.of(samples, seed));
    }

    private static Set<Accelerator> accelerators(List<Sample> samples) {
        return samples.stream().map(Sample::accelerator).collect(Collectors.toSet());
    }

    /** A random part of the VMs, because this number of rows is enough to compare learners. */
    private static List<Sample> thinned(List<Sample> samples, long seed) {
        if (samples.size() <= MOST_TO_CHOOSE_BY) {
            return samples;
        }
        Folds parts = Folds.byVm(samples, (samples.size() + MOST_TO_CHOOSE_BY - 1) / MOST_TO_CHOOSE_BY, seed);
        return parts.inside(samples, parts.names().get(0));
    }

    /** SHA-256 of the rows. */
    public static String fingerprint(List<Sample> samples) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            for (Sample sample : samples) {
                DatasetRow row = sample.row();
                bytes.write(WireJson.mapper()
                        .writeValueAsBytes(List.of(row.id(), row.outcome().labels())));
            }
        } catch (IOException e) {
            throw new IllegalStateException("A row cannot be written as JSON.", e);
        }
        return ModelFormat.fingerprint(bytes.toByteArray());
    }
}
