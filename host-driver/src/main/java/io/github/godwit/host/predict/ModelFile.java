package io.github.godwit.host.predict;

import io.github.godwit.common.ReloadedFile;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.PartialProfilePredictor;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.predict.TablePredictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.predict.forest.ForestPredictor;
import io.github.godwit.model.predict.forest.ModelFormat;
import io.github.godwit.model.predict.forest.PredictionModel;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/** Predicts by the model in a file, and loads a new version of the file without a restart. */
public final class ModelFile implements TablePredictor {

    private final ReloadedFile<Loaded> file;

    /** A model with its predictor; the text is for the log. */
    private record Loaded(ForestPredictor predictor) {
        @Override
        public String toString() {
            return "%d rows, trained at %s"
                    .formatted(
                            predictor.model().about().rows(),
                            predictor.model().about().trainedAt());
        }
    }

    /**
     * Loads the model.
     *
     * @throws IOException if the file cannot be read, or is not a model that this version can use
     */
    public ModelFile(Path file) throws IOException {
        this.file = new ReloadedFile<>(
                "model", file, in -> new Loaded(new ForestPredictor(ModelFormat.read(in), new AnalyticPredictor())));
    }

    @Override
    public void predict(MigrationCase migrationCase, Collection<Technique> techniques, PredictionTable into) {
        new PartialProfilePredictor(file.get().predictor()).predict(migrationCase, techniques, into);
    }

    /** The model in use. */
    public PredictionModel model() {
        return file.get().predictor().model();
    }

    /** Loads the file again if it has changed. */
    public void reloadIfChanged() {
        file.reloadIfChanged();
    }
}
