package io.github.godwit.training.cli;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.training.compare.Comparison;
import io.github.godwit.training.compare.Comparison.Runs;
import io.github.godwit.training.compare.Plots;
import io.github.godwit.training.compare.Repetition;
import io.github.godwit.training.compare.Summary;
import io.github.godwit.training.data.RowFiles;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.OutOfFoldPredictions;
import io.github.godwit.training.evaluate.Selection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-train compare}: replays measured cases with different ways to choose the technique. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Replays real cases, each of which was migrated by every technique, under every policy. It compares the technique "
                    + "chosen by prediction (with models that never saw that VM), each technique for all cases, Nova's choices, "
                    + "and ORACLE, which chooses by the measured values.",
            "A migration that did not converge counts with its time limit and violates an SLO on downtime."
        },
        footer = {
            "",
            "Example:",
            "  godwit-train compare --rows training/data/lab.jsonl.gz --plots plots --json figures.json"
        })
final class CompareCommand implements Callable<Integer> {

    private static final String ALL = "all";

    @Mixin
    private RowsOption rows;

    @Option(names = "--folds", defaultValue = "10", description = "Number of folds (default: ${DEFAULT-VALUE}).")
    private int folds;

    @Option(
            names = "--cases",
            paramLabel = "PREFIX",
            split = ",",
            defaultValue = "all",
            description =
                    "Compare only cases whose name starts with this prefix; in the lab's dataset s is for short ones, l and w for longer "
                            + "ones, b, q and h for busy VMs. Models are trained on all rows. Several prefixes, separated by commas, are "
                            + "compared one by one; the JSON then contains them by name (default: ${DEFAULT-VALUE}).")
    private List<String> cases;

    @Option(
            names = "--watched",
            split = ",",
            paramLabel = "FILE",
            description =
                    "Rows of the same cases that could be switched to post-copy while they ran (lab collect --watched). Only the cases in "
                            + "these files are compared, also with the technique chosen by prediction and watched. Other rows in "
                            + "these files show how much the same migrations differ from those of the dataset.")
    private List<Path> watched = List.of();

    @Option(
            names = "--repeated",
            description =
                    "Also compare only the cases that were measured several times (collect --times 2): every run, also with the technique "
                            + "chosen by the values of another run of the case, and the means over the runs, which contain less noise.")
    private boolean repeated;

    @Option(
            names = "--plots",
            paramLabel = "DIR",
            description = "Draw charts into this directory, each with its data in a CSV file.")
    private Path plots;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to this file as JSON.")
    private Path json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Printing printing = Printing.of(spec);
        List<Sample> samples = rows.samples();
        Selection selection = rows.selection(samples, folds, List.of(), printing.progress());
        List<SloPolicy> policies = List.copyOf(SloPolicies.shipped().all());
        Map<String, Prediction> predictions = OutOfFoldPredictions.of(samples, selection.chosen());
        List<DatasetRow> watchedRows = RowFiles.watched(watched);
        if (!watched.isEmpty()) {
            printing.print(Repetition.of(samples, RowFiles.read(watched)).sentence());
        }
        Map<String, Comparison> made = new LinkedHashMap<>();
        for (String prefix : cases) {
            List<Sample> compared = samples.stream()
                    .filter(sample ->
                            prefix.equals(ALL) || sample.row().caseId().startsWith(prefix))
                    .toList();
            made.put(prefix, Comparison.of(compared, predictions, policies, Runs.EACH, watchedRows));
        }
        if (repeated) {
            made.put("repeated", Comparison.of(samples, predictions, policies, Runs.REPEATED, List.of()));
            made.put("means", Comparison.of(samples, predictions, policies, Runs.MEANS, List.of()));
        }
        made.forEach((name, comparison) -> print(printing, name, comparison, policies));
        Comparison first = made.values().iterator().next();
        Printing.json(json, made.size() == 1 ? first : made);
        if (plots != null) {
            Plots drawn = new Plots(plots);
            drawn.comparison(first);
            drawn.errors(selection.chosen());
            printing.print("Charts are in " + plots);
        }
        return 0;
    }

    private static void print(Printing printing, String name, Comparison comparison, List<SloPolicy> policies) {
        printing.print("Cases: " + name);
        for (SloPolicy policy : policies) {
            print(printing, policy, comparison);
        }
        print(printing, "guided", comparison.summary());
        comparison.known().forEach((rule, summary) -> print(printing, "choosing by " + rule, summary));
    }

    private static void print(Printing printing, String name, Summary summary) {
        printing.print(
                "%s avoids %.1f %% of the %d violations that PRE has and ORACLE avoids (%.1f %% minus those that only it has); its mean total time under the hotspot policies is %.2f of PRE's; its mean regret against ORACLE is %.1f %%"
                        .formatted(
                                name,
                                100 * summary.avoided(),
                                summary.avoidable(),
                                100 * summary.net(),
                                summary.totalTimeRatio(),
                                100 * summary.regret()));
    }

    private static void print(Printing printing, SloPolicy policy, Comparison comparison) {
        Comparison.Violations foreseen = comparison.foreseen().get(policy.name());
        printing.print("%s (%s), %d cases; violations predicted %d, missed %d, false alarms %d"
                .formatted(
                        policy.name(),
                        policy.scenario(),
                        comparison.cases(),
                        foreseen.truePositives(),
                        foreseen.falseNegatives(),
                        foreseen.falsePositives()));
        printing.print("  %-30s %10s %8s %12s %8s %10s %10s"
                .formatted(
                        "",
                        "violations",
                        "score",
                        "mean " + policy.optimize().keySet().iterator().next(),
                        "regret",
                        "mean TT ms",
                        "unfinished"));
        Map<String, Comparison.Score> strategies = comparison.policies().get(policy.name());
        strategies.forEach((name, score) -> printing.print("  %-30s %10d %8.4f %12.1f %6.1f %% %10.0f %10d"
                .formatted(
                        name,
                        score.violations(),
                        score.score(),
                        score.optimised(),
                        100 * score.regret(),
                        score.totalTime(),
                        score.unfinished())));
        printing.print("  chosen: " + strategies.get("guided").shares());
    }
}
