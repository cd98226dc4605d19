package io.github.godwit.training.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.ErrorSummary;
import io.github.godwit.training.work.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** The output of a command: tables go to standard output, progress messages to standard error, JSON to a file. */
record Printing(PrintWriter out, PrintWriter err) {

    static Printing of(CommandSpec spec) {
        return new Printing(spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    Progress progress() {
        return line -> {
            synchronized (err) {
                err.println(line);
                err.flush();
            }
        };
    }

    void print(String line) {
        out.println(line);
        out.flush();
    }

    /** Writes a value as JSON; does nothing when the file is null. */
    static void json(Path file, Object value) throws IOException {
        if (file != null) {
            WireJson.mapper().writer().with(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), value);
        }
    }

    /** Says how many rows have a proxy in the place of PERF, if any has. */
    void proxies(List<Sample> samples) {
        long proxied = samples.stream()
                .filter(sample -> sample.row().outcome().learnsProxy())
                .count();
        if (proxied > 0) {
            print("PERF of %d of %d rows is its proxy from outside of the guest: no heartbeat measured it."
                    .formatted(proxied, samples.size()));
        }
    }

    /** Prints a table of errors with one line for each metric. */
    void errors(String title, Map<Metric, ErrorSummary> summaries) {
        print(title);
        print("  %-5s %6s %9s %7s %7s %7s %7s %9s %7s"
                .formatted("", "rows", "GMAE", "GMRE", "median", "p90", "nRMSE", "in 90 %", "width"));
        summaries.forEach((metric, errors) -> print("  %-5s %6d %9.3g %7.3f %7.3f %7.3f %7.3f %7.1f %% %7.3f"
                .formatted(
                        metric,
                        errors.count(),
                        errors.gmae(),
                        errors.gmre(),
                        errors.median(),
                        errors.p90(),
                        errors.nrmse(),
                        100 * errors.coverage90(),
                        errors.width())));
    }
}
