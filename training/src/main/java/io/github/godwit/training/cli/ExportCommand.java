package io.github.godwit.training.cli;

import io.github.godwit.model.predict.forest.PredictionModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code godwit-train export}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description =
                "Checks a model and puts it where a host driver was told to read one ('godwit-host serve --model'); the "
                        + "host driver takes it up within seconds. A model that is damaged or of another version is refused.",
        footer = {"", "Example:", "  godwit-train export lab.model --to /etc/godwit/lab.model"})
final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "Model file of fit or refit.")
    private Path model;

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "Where it goes.")
    private Path target;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PredictionModel checked = ModelOptions.read(model);
        ModelOptions.write(checked, target);
        Printing.of(spec).print("%s: %s".formatted(target, ModelOptions.about(checked)));
        return 0;
    }
}
