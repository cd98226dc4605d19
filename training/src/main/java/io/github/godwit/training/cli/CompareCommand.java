package io.github.godwit.training.cli;

import io.github.godwit.model.SloPolicies;
import io.github.godwit.model.SloPolicy;
import io.github.godwit.training.compare.Comparison;
import io.github.godwit.training.compare.Plots;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.OutOfFoldPredictions;
import io.github.godwit.training.evaluate.Selection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-train compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Replays real cases, each of which was migrated by every technique, under every policy: the technique chosen by "
                    + "prediction (of models that never saw that VM), each technique for all, what Nova does, and ORACLE, "
                    + "which chooses by what was measured.",
            "A migration that did not end within its time limit counts with that time, and breaks an SLO on downtime."
        },
        footer = {
            "",
            "Example:",
            "  godwit-train compare --rows training/data/lab.jsonl.gz --plots plots --json figures.json"
        })
final class CompareCommand implements Callable<Integer> {

    @Mixin
    private RowsOption rows;

    @Option(names = "--folds", defaultValue = "10", description = "Number of folds (default: ${DEFAULT-VALUE}).")
    private int folds;

    @Option(
            names = "--cases",
            paramLabel = "PREFIX",
            defaultValue = "",
            description =
                    "Compare only cases whose name begins so; in the lab's dataset s is for short ones, l for long ones, "
                            + "b for busy VMs. Models are made of all rows.")
    private String cases;

    @Option(
            names = "--plots",
            paramLabel = "DIR",
            description = "Draw the figures into this directory, with CSV beside them.")
    private Path plots;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file too.")
    private Path json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Printing printing = Printing.of(spec);
        List<Sample> samples = rows.samples();
        Selection selection = rows.selection(samples, folds, List.of(), printing.progress());
        List<SloPolicy> policies = List.copyOf(SloPolicies.shipped().all());
        List<Sample> compared = samples.stream()
                .filter(sample -> sample.row().caseId().startsWith(cases))
                .toList();
        Comparison comparison = Comparison.of(compared, OutOfFoldPredictions.of(samples, selection.chosen()), policies);
        for (SloPolicy policy : policies) {
            print(printing, policy, comparison);
        }
        printing.print(
                "guided avoids %.1f %% of the %d violations that PRE has and ORACLE avoids (%.1f %% less those that only guided has); its mean total time under the hotspot policies is %.2f of PRE's; its mean regret against ORACLE is %.1f %%"
                        .formatted(
                                100 * comparison.summary().avoided(),
                                comparison.summary().avoidable(),
                                100 * comparison.summary().net(),
                                comparison.summary().totalTimeRatio(),
                                100 * comparison.summary().regret()));
        Printing.json(json, comparison);
        if (plots != null) {
            Plots drawn = new Plots(plots);
            drawn.comparison(comparison);
            drawn.errors(selection.chosen());
            printing.print("Figures are in " + plots);
        }
        return 0;
    }

    private static void print(Printing printing, SloPolicy policy, Comparison comparison) {
        Comparison.Violations foreseen = comparison.foreseen().get(policy.name());
        printing.print("%s (%s), %d cases; violations foreseen %d, missed %d, false alarms %d"
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
