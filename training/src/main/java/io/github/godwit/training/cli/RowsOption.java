package io.github.godwit.training.cli;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.training.data.RowFiles;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.Folds;
import io.github.godwit.training.evaluate.Selection;
import io.github.godwit.training.learn.Recipe;
import io.github.godwit.training.work.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The options {@code --rows} and {@code --seed}: the rows that a command uses. */
final class RowsOption {

    @Option(
            names = "--rows",
            required = true,
            split = ",",
            paramLabel = "FILE",
            description =
                    "File of rows, one JSON object a line, as collect, simulate and host drivers write them; gzipped if it "
                            + "ends in .gz. May be given several times.")
    private List<Path> files;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "The same seed gives the same result (default: ${DEFAULT-VALUE}).")
    private long seed;

    long seed() {
        return seed;
    }

    List<DatasetRow> rows() throws IOException {
        List<DatasetRow> rows = RowFiles.read(files);
        if (rows.isEmpty()) {
            throw new IOException("%s contains no rows. Collect some with 'godwit-train collect'.".formatted(files));
        }
        return rows;
    }

    /** Cross-validates the recipes that can be exported and further ones, with all rows of a VM in one fold. */
    Selection selection(List<Sample> samples, int folds, List<Recipe> besides, Progress progress) {
        return Selection.of(
                Selection.problems(samples),
                Recipe.EXPORTABLE,
                besides,
                Folds.byVm(samples, folds, seed),
                seed,
                progress);
    }

    /**
     * The rows that models can be trained on.
     *
     * @throws IOException when there are none
     */
    List<Sample> samples() throws IOException {
        Predictor simulation = new AnalyticPredictor();
        List<Sample> samples = Sample.of(rows(), simulation);
        if (samples.isEmpty()) {
            throw new IOException(
                    "%s contains no usable rows: all were disturbed, have damaged guests or incomplete profiles."
                            .formatted(files));
        }
        return samples;
    }
}
