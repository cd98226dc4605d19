package io.github.godwit.training.cli;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.predict.forest.ForestPredictor;
import io.github.godwit.model.predict.forest.PredictionModel;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.Contest;
import io.github.godwit.training.evaluate.Fit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-train refit}: replaces a model by a better one. */
@Command(
        name = "refit",
        mixinStandardHelpOptions = true,
        description = {
            "Trains a challenger on all rows except the newest, compares its predictions of the newest rows with those of the "
                    + "model in use, and replaces that model by one trained on all rows if the challenger is better.",
            "Give the rows that the model in use was trained on and those that host drivers have recorded since "
                    + "(outcomes.jsonl in their state directory)."
        },
        footer = {
            "",
            "Example:",
            "  godwit-train refit --champion /etc/godwit/lab.model --rows lab.jsonl.gz,/var/lib/godwit/outcomes.jsonl"
        })
final class RefitCommand implements Callable<Integer> {

    @Mixin
    private RowsOption rows;

    @Option(names = "--champion", required = true, paramLabel = "MODEL", description = "The model in use.")
    private Path champion;

    @Option(
            names = "--out",
            paramLabel = "MODEL",
            description = "File for a better model (default: the file of the champion).")
    private Path out;

    @Option(
            names = "--newest",
            defaultValue = "0.2",
            description = "Share of the rows, the newest ones, on which both are compared (default: ${DEFAULT-VALUE}).")
    private double newest;

    @Option(
            names = "--folds",
            defaultValue = "3",
            description = "Number of folds for the choice of learners (default: ${DEFAULT-VALUE}).")
    private int folds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!(newest > 0 && newest < 1)) {
            throw new IllegalArgumentException(
                    "The share --newest (%s) must be above 0 and below 1.".formatted(newest));
        }
        Printing printing = Printing.of(spec);
        PredictionModel inUse = ModelOptions.read(champion);
        List<Sample> samples = rows.samples().stream()
                .sorted(Comparator.comparing(sample -> sample.row().outcome().startedAt()))
                .toList();
        int split = (int) Math.round(samples.size() * (1 - newest));
        List<Sample> judges = samples.subList(split, samples.size());
        if (judges.isEmpty()) {
            throw new IllegalArgumentException(
                    "There are too few rows (%d) to set the newest aside. Give more rows.".formatted(samples.size()));
        }
        String now = Instant.now().toString();
        PredictionModel challenger = Fit.of(samples.subList(0, split), now, folds, rows.seed(), printing.progress());
        AnalyticPredictor simulation = new AnalyticPredictor();
        Contest contest =
                Contest.of(judges, new ForestPredictor(inUse, simulation), new ForestPredictor(challenger, simulation));
        print(printing, contest);
        printing.proxies(samples);
        if (contest.won()) {
            Path target = out == null ? champion : out;
            ModelOptions.write(Fit.of(samples, now, folds, rows.seed(), printing.progress()), target);
            printing.print(
                    "The challenger is better. A model of all %d rows is in %s.".formatted(samples.size(), target));
        } else {
            printing.print("The champion stays, because the challenger is not clearly better.");
        }
        return 0;
    }

    private static void print(Printing printing, Contest contest) {
        printing.print("mean error on the %d newest migrations (factor for TT, DT, TD, MEM): champion, challenger"
                .formatted(contest.rows()));
        for (Metric metric : contest.champion().keySet()) {
            printing.print("  %-5s %.4f %.4f"
                    .formatted(
                            metric,
                            contest.champion().get(metric),
                            contest.challenger().get(metric)));
        }
        printing.print("  challenger over champion: %.3f".formatted(contest.ratio()));
    }
}
