package io.github.godwit.strategy.cli;

import io.github.godwit.common.ReloadedFile;
import io.github.godwit.model.bandwidth.BandwidthModelForm;
import io.github.godwit.model.reserve.ReservationTerms;
import java.io.IOException;
import java.nio.file.Path;
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
     * The terms of reservations.
     *
     * @throws IOException if the file cannot be used
     */
    ReservationTerms terms() throws IOException {
        return file == null
                ? ReservationTerms.DEFAULT
                : ReservationTerms.DEFAULT.withModel(
                        new ReloadedFile<>("bandwidth model", file, BandwidthModelForm::read)::current);
    }
}
