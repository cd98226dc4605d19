package io.github.godwit.training.cli;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.Evaluation;
import io.github.godwit.training.evaluate.FeatureElimination;
import io.github.godwit.training.evaluate.Folds;
import io.github.godwit.training.evaluate.OutOfFold;
import io.github.godwit.training.evaluate.Selection;
import io.github.godwit.training.learn.FeatureSet;
import io.github.godwit.training.learn.Learner;
import io.github.godwit.training.learn.Problem;
import io.github.godwit.training.learn.Recipe;
import io.github.godwit.training.work.Parallel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-train evaluate}: cross-validates models. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = {
            "Evaluates models of these rows on rows that they were not trained on: ten-fold cross-validation with all rows of "
                    + "a VM in one fold, and with each workload family held out in turn.",
            "GMAE and GMRE are geometric means of absolute and relative errors; the error of CPU is relative to QEMU's "
                    + "whole CPU time. nRMSE is relative to the range of the measured values. "
                    + "Width is the median width of the 90 % intervals, relative like the errors."
        },
        footer = {"", "Example:", "  godwit-train evaluate --rows training/data/lab.jsonl.gz --json figures.json"})
final class EvaluateCommand implements Callable<Integer> {

    private static final int FOLDS_FOR_SETS = 5;

    @Mixin
    private RowsOption rows;

    @Option(names = "--folds", defaultValue = "10", description = "Number of folds (default: ${DEFAULT-VALUE}).")
    private int folds;

    @Option(
            names = "--all-learners",
            description =
                    "Also compare learners that are not exported: support vectors, and those without the simulation.")
    private boolean allLearners;

    @Option(
            names = "--feature-sets",
            description =
                    "Also compare feature sets with ExtraTrees: DR, DR+VMSize, DR+VMSize+WSSize, RFECV, all, and all with "
                            + "the simulation.")
    private boolean featureSets;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to this file as JSON.")
    private Path json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Printing printing = Printing.of(spec);
        List<Sample> samples = rows.samples();
        Selection selection =
                rows.selection(samples, folds, allLearners ? Recipe.COMPARED : List.of(), printing.progress());
        Folds families = Folds.byFamily(samples);
        List<OutOfFold> unseen = Parallel.map(
                selection.chosen(), one -> OutOfFold.of(one.problem(), one.recipe(), families, rows.seed()));
        Evaluation evaluation = Evaluation.of(samples, selection.chosen(), unseen);
        print(printing, evaluation, selection);
        printing.proxies(samples);
        Map<String, Object> report = report(evaluation, selection);
        if (featureSets) {
            Map<String, LearnerLine> sets = featureSets(samples, printing);
            printing.print("feature sets, ExtraTrees");
            sets.forEach((name, line) ->
                    printing.print("  %-16s mean error %.4f, GMRE %s".formatted(name, line.meanError(), line.gmre())));
            report.put("feature_sets", sets);
        }
        Printing.json(json, report);
        return 0;
    }

    private static void print(Printing printing, Evaluation evaluation, Selection selection) {
        printing.print("%d migrations, families %s".formatted(evaluation.rows(), evaluation.families()));
        printing.errors("ten-fold", evaluation.metrics());
        printing.errors("workload family held out", evaluation.unseen());
        printing.errors("simulation alone", evaluation.simulation());
        if (evaluation.byAccelerator().size() > 1) {
            evaluation
                    .byAccelerator()
                    .forEach((accelerator, metrics) -> printing.errors("ten-fold, under " + accelerator, metrics));
        }
        evaluation.byTechnique().forEach((technique, metrics) -> printing.errors("ten-fold, " + technique, metrics));
        evaluation
                .byTotalTime()
                .forEach((time, metrics) -> printing.errors("ten-fold, migrations by total time: " + time, metrics));
        printing.print("share of migrations whose convergence was predicted correctly: " + evaluation.convergence());
        printing.print("GMRE of the mean of repeated migrations, the smallest possible error (%d migrations): %s"
                .formatted(
                        evaluation.repeats().migrations(),
                        rounded(evaluation.repeats().gmre())));
        printing.print("learners, over all problems (errors on the scale of learning)");
        learners(selection)
                .forEach((recipe, line) ->
                        printing.print("  %-36s best in %3d, mean error %.4f, training %6.1f s, %6.1f us a prediction"
                                .formatted(
                                        recipe,
                                        line.chosen(),
                                        line.meanError(),
                                        line.trainSeconds(),
                                        line.predictMicros())));
    }

    private static Map<Metric, String> rounded(Map<Metric, Double> values) {
        Map<Metric, String> rounded = new EnumMap<>(Metric.class);
        values.forEach((metric, value) -> rounded.put(metric, "%.3f".formatted(value)));
        return rounded;
    }

    /**
     * The results of one recipe over all problems.
     *
     * @param chosen        number of problems for which it is the best
     * @param meanError     mean over the problems of the mean absolute error, on the scale of learning
     * @param trainSeconds  time of all trainings
     * @param predictMicros time of one prediction
     * @param gmre          geometric mean of the relative errors, by metric
     */
    record LearnerLine(
            int chosen, double meanError, double trainSeconds, double predictMicros, Map<Metric, Double> gmre) {}

    /** The results of ExtraTrees with the published feature sets, and with RFECV for each problem. */
    private Map<String, LearnerLine> featureSets(List<Sample> samples, Printing printing) {
        Folds sets = Folds.byVm(samples, FOLDS_FOR_SETS, rows.seed());
        List<Problem> problems = Selection.problems(samples);
        Map<String, LearnerLine> lines = new LinkedHashMap<>();
        for (FeatureSet set : FeatureSet.values()) {
            printing.progress().say("feature set " + set);
            Recipe recipe = new Recipe(Learner.EXTRA_TREES, false, set);
            lines.put(
                    set.name(),
                    line(0, Parallel.map(problems, problem -> OutOfFold.of(problem, recipe, sets, rows.seed()))));
        }
        printing.progress().say("feature set RFECV");
        Recipe all = new Recipe(Learner.EXTRA_TREES, false, FeatureSet.CASE);
        lines.put(
                "RFECV",
                line(0, Parallel.map(problems, problem -> FeatureElimination.best(problem, all, sets, rows.seed()))));
        return lines;
    }

    private static Map<String, LearnerLine> learners(Selection selection) {
        Map<Recipe, List<OutOfFold>> byRecipe = new LinkedHashMap<>();
        selection
                .compared()
                .forEach(one -> byRecipe.computeIfAbsent(one.recipe(), any -> new ArrayList<>())
                        .add(one));
        Map<String, LearnerLine> lines = new LinkedHashMap<>();
        byRecipe.forEach((recipe, all) -> {
            int chosen = (int) selection.chosen().stream()
                    .filter(one -> one.recipe().equals(recipe))
                    .count();
            lines.put(recipe.label(), line(chosen, all));
        });
        return lines;
    }

    private static LearnerLine line(int chosen, List<OutOfFold> all) {
        double guesses = all.stream().mapToInt(one -> one.guesses().size()).sum();
        Map<Metric, Double> gmre = new LinkedHashMap<>();
        Evaluation.of(List.of(), all, List.of()).metrics().forEach((metric, errors) -> gmre.put(metric, errors.gmre()));
        return new LearnerLine(
                chosen,
                all.stream().mapToDouble(OutOfFold::meanError).average().orElse(0),
                all.stream().mapToDouble(OutOfFold::trainSeconds).sum(),
                all.stream().mapToDouble(OutOfFold::testSeconds).sum() / guesses * 1e6,
                gmre);
    }

    private static Map<String, Object> report(Evaluation evaluation, Selection selection) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("rows", evaluation.rows());
        report.put("families", evaluation.families());
        report.put("metrics", evaluation.metrics());
        report.put("unseen", evaluation.unseen());
        report.put("simulation", evaluation.simulation());
        report.put("by_accelerator", evaluation.byAccelerator());
        report.put("by_technique", evaluation.byTechnique());
        report.put("by_total_time", evaluation.byTotalTime());
        report.put("convergence", evaluation.convergence());
        report.put("repeats", evaluation.repeats());
        report.put("learners", learners(selection));
        Map<String, String> chosen = new LinkedHashMap<>();
        selection
                .chosen()
                .forEach(one -> chosen.put(one.problem().label(), one.recipe().label()));
        report.put("chosen", chosen);
        return report;
    }
}
