package io.github.godwit.training.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.bandwidth.BandwidthModelForm;
import io.github.godwit.training.bandwidth.BandwidthFit;
import io.github.godwit.training.bandwidth.CurveReport;
import io.github.godwit.training.data.RowFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code godwit-train bandwidth}: fits how much bandwidth migrations get beside other traffic. */
@Command(
        name = "bandwidth",
        mixinStandardHelpOptions = true,
        description = {
            "Fits a bandwidth model to measured migrations: how much of the link a migration gets beside other traffic, for each family of "
                    + "techniques (PRE, POST, PRE-POST) and each direction of the traffic.",
            "A curve replaces the published one if it has 20 rows over a quarter of the link, and is at least as good on held-out rows. Rows "
                    + "with a reservation, compression or several connections, of less than a second, or of a link that is more than twice as "
                    + "fast or slow as most, are left out."
        },
        footer = {
            "",
            "Examples:",
            "  godwit-train bandwidth /var/lib/godwit/outcomes.jsonl",
            "  godwit-train bandwidth h1.jsonl h2.jsonl --out /etc/godwit/bandwidth.json"
        })
final class BandwidthCommand implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Outcomes of a host driver, or rows of godwit-train collect; gzipped if the name ends in .gz.")
    private List<Path> files;

    @Option(
            names = "--out",
            paramLabel = "MODEL",
            description = "Write the model to this file, for --bandwidth-model of the host driver and the service.")
    private Path out;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to this file as JSON.")
    private Path json;

    @Spec
    private CommandSpec spec;

    /** The results, as written by {@code --json}. */
    private record Report(int rows, int usable, List<CurveReport> curves) {}

    @Override
    public Integer call() throws IOException {
        Printing printing = Printing.of(spec);
        List<DatasetRow> rows = RowFiles.read(files);
        BandwidthFit fit = new BandwidthFit(rows, LocalDate.now(ZoneOffset.UTC).toString());
        printing.print(
                "%d of %d migrations can be used, on links of about %.0f Mbit/s. Errors are shares of the link, on held-out rows."
                        .formatted(fit.rows(), rows.size(), fit.link().megabits()));
        printing.print(
                "  %-9s %-9s %6s %6s %10s %10s  %s".formatted("", "traffic", "rows", "held", "published", "own", ""));
        for (CurveReport curve : fit.reports()) {
            printing.print("  %-9s %-9s %6d %6d %10s %10s  %s"
                    .formatted(
                            curve.technique(),
                            curve.traffic(),
                            curve.rows(),
                            curve.heldOut(),
                            share(curve.publishedError()),
                            share(curve.ownError()),
                            verdict(curve)));
        }
        Printing.json(json, new Report(rows.size(), fit.rows(), fit.reports()));
        if (out != null) {
            write(fit, printing);
        }
        return 0;
    }

    private void write(BandwidthFit fit, Printing printing) throws IOException {
        if (fit.isEmpty()) {
            printing.print("%s is not written: every curve stays as published.".formatted(out));
            return;
        }
        byte[] form = WireJson.mapper()
                .writer()
                .with(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsBytes(fit.form());
        ModelOptions.replace(out, stream -> stream.write(form));
        printing.print("%s: %s".formatted(out, BandwidthModelForm.read(new ByteArrayInputStream(form))));
    }

    private static String verdict(CurveReport curve) {
        String what = curve.used() ? "own (breakpoints: %d)".formatted(curve.breakpoints()) : "published";
        return "%s: %s".formatted(what, curve.reason());
    }

    private static String share(Double error) {
        return error == null ? "-" : "%.3f".formatted(error);
    }
}
