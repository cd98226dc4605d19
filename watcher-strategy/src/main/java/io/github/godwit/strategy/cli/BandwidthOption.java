package io.github.godwit.strategy.cli;

import io.github.godwit.common.ReloadedFile;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.bandwidth.BandwidthModelForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The option {@code --bandwidth-model}: how much bandwidth migrations need beside other traffic. */
final class BandwidthOption {

    @Option(
            names = "--bandwidth-model",
            paramLabel = "FILE",
            description =
                    "Bandwidth model of godwit-train bandwidth, which tells how much bandwidth migrations need beside other traffic; a new "
                            + "version of the file is loaded without a restart (default: the published curves).")
    private Path file;

    /**
     * The current model.
     *
     * @throws IOException if the file cannot be used
     */
    Supplier<BandwidthModel> model() throws IOException {
        return file == null
                ? BandwidthModel::published
                : new ReloadedFile<>("bandwidth model", file, BandwidthModelForm::read)::current;
    }
}
