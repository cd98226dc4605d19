package io.github.godwit.training.cli;

import io.github.godwit.training.evaluate.ClassConfusion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-train classes}: the accuracy of the workload classes. */
@Command(
        name = "classes",
        mixinStandardHelpOptions = true,
        description =
                "Prints how often a VM's workload class (CPU-, memory-, write-, read-intensive) was recognised from its "
                        + "profile, compared with the configuration of the lab's guest. The lab's guest has no network card, so "
                        + "network-intensive is not among the classes.",
        footer = {"", "Example:", "  godwit-train classes --rows training/data/lab.jsonl.gz"})
final class ClassesCommand implements Callable<Integer> {

    @Mixin
    private RowsOption rows;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to this file as JSON.")
    private Path json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ClassConfusion confusion = ClassConfusion.of(rows.rows());
        Printing printing = Printing.of(spec);
        printing.print("%d cases".formatted(confusion.cases()));
        printing.print("  %-18s %9s %9s %9s %9s".formatted("", "is, told", "is, not", "not, told", "not, not"));
        confusion
                .counts()
                .forEach((kind, counts) -> printing.print("  %-18s %9d %9d %9d %9d"
                        .formatted(
                                kind,
                                counts.truePositives(),
                                counts.falseNegatives(),
                                counts.falsePositives(),
                                counts.trueNegatives())));
        Printing.json(json, confusion);
        return 0;
    }
}
