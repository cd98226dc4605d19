package io.github.godwit.training.cli;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.training.data.RowFiles;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.simulate.Agreement;
import io.github.godwit.training.simulate.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-train simulate}: generates simulated rows. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Generates rows of migrations that did not take place: the simulation migrates the VM of one real case between the "
                    + "hosts of another, with errors drawn from real rows. Every row is marked as simulated.",
            "Prints the distance between the errors in simulated rows and those in real rows of other VMs (Kolmogorov-Smirnov "
                    + "statistic, 0 for equal distributions)."
        },
        footer = {
            "",
            "Example:",
            "  godwit-train simulate --real training/data/lab.jsonl.gz --rows 55000 --out simulated.jsonl.gz"
        })
final class SimulateCommand implements Callable<Integer> {

    @Option(names = "--real", required = true, split = ",", paramLabel = "FILE", description = "Real rows.")
    private List<Path> files;

    @Option(
            names = "--rows",
            defaultValue = "55000",
            description = "Number of rows to generate (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Seed; the same seed gives the same rows (default: ${DEFAULT-VALUE}).")
    private long seed;

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
        if (count < 1) {
            throw new IllegalArgumentException("The number of --rows (%d) must be positive.".formatted(count));
        }
        Printing printing = Printing.of(spec);
        AnalyticPredictor simulation = new AnalyticPredictor();
        List<Sample> real = Sample.of(RowFiles.read(files), simulation);
        if (real.isEmpty()) {
            throw new IOException("%s contains no usable real row.".formatted(files));
        }
        printing.progress().say("Simulating %d rows from %d real ones".formatted(count, real.size()));
        RowFiles.write(out, new Simulator(real, simulation).rows(count, seed));
        Map<Metric, Double> agreement = Agreement.of(real, simulation, seed);
        printing.print("%s: %d simulated rows; their errors against real rows of other VMs, Kolmogorov-Smirnov:"
                .formatted(out, count));
        agreement.forEach((metric, statistic) -> printing.print("  %-5s %.3f".formatted(metric, statistic)));
        return 0;
    }
}
