package io.github.godwit.training.cli;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.model.predict.analytic.MigrationCosts;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.learn.Calibration;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-train calibrate}: fits the costs of the simulation. */
@Command(
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description =
                "Fits the cost factors of the simulation (MigrationCosts) to real rows and prints them in the order "
                        + "of that record. Each accelerator has its own costs, so give rows of one.",
        footer = {"", "Example:", "  godwit-train calibrate --rows training/data/lab.jsonl.gz"})
final class CalibrateCommand implements Callable<Integer> {

    @Mixin
    private RowsOption rows;

    @Option(
            names = "--evaluations",
            defaultValue = "3000",
            description = "Number of evaluations of the simulation (default: ${DEFAULT-VALUE}).")
    private int evaluations;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Printing printing = Printing.of(spec);
        List<Sample> samples = rows.samples();
        List<DatasetRow> usable = samples.stream().map(Sample::row).toList();
        MigrationCosts start = MigrationCosts.of(accelerator(samples));
        Calibration calibration = new Calibration(usable, start);
        MigrationCosts fitted = calibration.fit(evaluations, rows.seed(), printing.progress());
        printing.print("error %.4f, before %.4f".formatted(calibration.error(fitted), calibration.error(start)));
        var components = MigrationCosts.class.getRecordComponents();
        double[] before = Calibration.values(start);
        double[] after = Calibration.values(fitted);
        for (int i = 0; i < components.length; i++) {
            printing.print("  %-32s %.3g (before %.3g)".formatted(components[i].getName(), after[i], before[i]));
        }
        return 0;
    }

    private static Accelerator accelerator(List<Sample> samples) {
        List<Accelerator> accelerators =
                samples.stream().map(Sample::accelerator).distinct().toList();
        if (accelerators.size() > 1) {
            throw new IllegalArgumentException(
                    "The rows are of guests under %s. Each accelerator has its own costs, so give rows of one."
                            .formatted(accelerators));
        }
        return accelerators.get(0);
    }
}
