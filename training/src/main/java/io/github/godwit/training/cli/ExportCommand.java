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

/** {@code godwit-train export}: deploys a model file. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description =
                "Checks a model and copies it to the file that a host driver reads ('godwit-host serve --model'). The "
                        + "host driver loads it within seconds. A damaged model, or one of another version, is refused.",
        footer = {"", "Example:", "  godwit-train export lab.model --to /etc/godwit/lab.model"})
final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "Model file written by fit or refit.")
    private Path model;

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "File to write.")
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
