package io.github.godwit.training.cli;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.training.data.PublishedRows;
import io.github.godwit.training.data.RowFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code godwit-train import}: converts published datasets. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description =
                "Converts a dataset published by others to rows. Features that it does not contain get usual values, so "
                        + "such rows are more useful to evaluate a model than to train one.",
        footer = {
            "",
            "Example:",
            "  godwit-train import --format QEMU_POSTGRES training/data/qemu-postgres/evaluation_runs.csv --out pg.jsonl",
            "  godwit-train accuracy --rows pg.jsonl"
        })
final class ImportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "CSV with a header.")
    private Path file;

    @Option(names = "--format", required = true, description = "One of ${COMPLETION-CANDIDATES}.")
    private PublishedRows.Format format;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "File to write; gzipped where it ends in .gz.")
    private Path out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<DatasetRow> rows = PublishedRows.read(format, file);
        if (rows.isEmpty()) {
            throw new IOException("%s contains no migration by a technique that Godwit knows.".formatted(file));
        }
        RowFiles.write(out, rows);
        Printing.of(spec).print("%s: %d rows".formatted(out, rows.size()));
        return 0;
    }
}
