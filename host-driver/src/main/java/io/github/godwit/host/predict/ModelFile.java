package io.github.godwit.host.predict;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.PartialProfilePredictor;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.predict.TablePredictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.predict.forest.ForestPredictor;
import io.github.godwit.model.predict.forest.ModelFormat;
import io.github.godwit.model.predict.forest.PredictionModel;
import io.github.godwit.model.technique.Technique;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Predicts by the model in a file, and loads a new version of the file without a restart. If the new version cannot be used, logs the
 * reason once and continues to use the previous model.
 */
public final class ModelFile implements TablePredictor {

    private static final Logger LOG = LoggerFactory.getLogger(ModelFile.class);

    private final Path file;
    private volatile ForestPredictor predictor;
    private Stamp seen;

    /** Identifies a version of the file. */
    private record Stamp(FileTime modified, long size) {}

    /**
     * Loads the model.
     *
     * @throws IOException if the file cannot be read, or is not a model that this version can use
     */
    public ModelFile(Path file) throws IOException {
        this.file = file;
        this.seen = stamp();
        this.predictor = read();
    }

    @Override
    public void predict(MigrationCase migrationCase, Collection<Technique> techniques, PredictionTable into) {
        new PartialProfilePredictor(predictor).predict(migrationCase, techniques, into);
    }

    /** The model in use. */
    public PredictionModel model() {
        return predictor.model();
    }

    /** Loads the file again if it has changed; to be called periodically, by one thread. */
    public void reloadIfChanged() {
        try {
            Stamp now = stamp();
            if (now.equals(seen)) {
                return;
            }
            seen = now;
            predictor = read();
            LOG.info(
                    "Loaded the model in {}: {} rows, trained at {}",
                    file,
                    model().about().rows(),
                    model().about().trainedAt());
        } catch (IOException e) {
            LOG.error("Cannot load the model in {}, the previous one stays in use: {}", file, e.getMessage());
        }
    }

    private Stamp stamp() throws IOException {
        return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
    }

    private ForestPredictor read() throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return new ForestPredictor(ModelFormat.read(in), new AnalyticPredictor());
        }
    }
}
