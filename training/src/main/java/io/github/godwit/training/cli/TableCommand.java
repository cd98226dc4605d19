package io.github.godwit.training.cli;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Features;
import io.github.godwit.model.predict.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code godwit-train table}: prints rows as CSV. */
@Command(
        name = "table",
        mixinStandardHelpOptions = true,
        description =
                "Prints rows as CSV for other programs: one line for each migration, with all features, the technique and "
                        + "all measured metrics. Fields of metrics that were not measured are empty.",
        footer = {"", "Example:", "  godwit-train table --rows training/data/lab.jsonl.gz > lab.csv"})
final class TableCommand implements Callable<Integer> {

    @Mixin
    private RowsOption rows;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Printing printing = Printing.of(spec);
        printing.print(header());
        for (DatasetRow row : rows.rows()) {
            printing.print(line(row));
        }
        return 0;
    }

    private static String header() {
        List<String> names = new ArrayList<>(List.of("id", "case", "family", "technique", "hypervisor", "accelerator"));
        Features.names().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        for (Metric metric : Metric.values()) {
            names.add(metric.id().toLowerCase(Locale.ROOT));
        }
        names.addAll(List.of("perf_proxy", "converged", "guest_verified", "disturbed", "time_limit_ms"));
        return String.join(",", names);
    }

    private static String line(DatasetRow row) {
        Outcome outcome = row.outcome();
        List<String> fields = new ArrayList<>(List.of(
                row.id(),
                row.caseId(),
                row.family(),
                outcome.technique().toString(),
                row.hypervisor(),
                row.accelerator()));
        Arrays.stream(Features.of(outcome.migrationCase())).forEach(value -> fields.add("%.6g".formatted(value)));
        for (Metric metric : Metric.values()) {
            Double value = outcome.metrics().get(metric);
            fields.add(value == null ? "" : "%.6g".formatted(value));
        }
        fields.add(outcome.perfProxy() == null ? "" : "%.6g".formatted(outcome.perfProxy()));
        fields.add(Boolean.toString(outcome.converged()));
        fields.add(Boolean.toString(row.guestVerified()));
        fields.add(
                Boolean.toString(row.disturbance() != null && row.disturbance().disturbed()));
        fields.add(Long.toString(outcome.migrationCase().tuning().timeLimit().toMillis()));
        return String.join(",", fields);
    }
}
