package io.github.godwit.training.cli;

import io.github.godwit.model.predict.forest.PredictionModel;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.Fit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-train fit}: trains a model. */
@Command(
        name = "fit",
        mixinStandardHelpOptions = true,
        description =
                "Trains a model: for each technique and metric it chooses the best learner by cross-validation and "
                        + "trains it on all rows.",
        footer = {"", "Example:", "  godwit-train fit --rows training/data/lab.jsonl.gz --out lab.model"})
final class FitCommand implements Callable<Integer> {

    @Mixin
    private RowsOption rows;

    @Option(names = "--out", required = true, paramLabel = "MODEL", description = "Model file to write.")
    private Path out;

    @Option(
            names = "--folds",
            defaultValue = "5",
            description = "Number of folds for the choice of learners (default: ${DEFAULT-VALUE}).")
    private int folds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Printing printing = Printing.of(spec);
        List<Sample> samples = rows.samples();
        PredictionModel model = Fit.of(samples, Instant.now().toString(), folds, rows.seed(), printing.progress());
        printing.proxies(samples);
        ModelOptions.write(model, out);
        printing.print("%s: %s, %d bytes".formatted(out, ModelOptions.about(model), Files.size(out)));
        return 0;
    }
}
