package io.github.godwit.training.cli;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.predict.forest.ForestPredictor;
import io.github.godwit.model.predict.forest.ShippedModel;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.ErrorSummary;
import io.github.godwit.training.evaluate.ErrorSummary.Pair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-train accuracy}: the errors of an existing model on given rows. */
@Command(
        name = "accuracy",
        mixinStandardHelpOptions = true,
        description =
                "Predicts rows with an existing model and prints the errors. The model is the shipped one, another one, or "
                        + "the simulation alone. Errors on rows that the model was trained on are not meaningful.",
        footer = {
            "",
            "Examples:",
            "  godwit-train accuracy --rows /var/lib/godwit/outcomes.jsonl",
            "  godwit-train accuracy --rows /var/lib/godwit/outcomes.jsonl --recalibrated"
        })
final class AccuracyCommand implements Callable<Integer> {

    @Mixin
    private RowsOption rows;

    @Option(names = "--model", paramLabel = "MODEL", description = "Model file (default: the shipped model).")
    private Path model;

    @Option(names = "--simulation", description = "Evaluate the simulation alone.")
    private boolean simulation;

    @Option(
            names = "--recalibrated",
            description =
                    "Predict as a host driver does: each row with the corrections learned from earlier rows of its host.")
    private boolean recalibrated;

    @Option(
            names = "--as",
            paramLabel = "ACCELERATOR",
            description =
                    "Predict as if the guests ran under this accelerator, kvm or tcg; shows how a model of one predicts rows of the other.")
    private String accelerator;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to this file as JSON.")
    private Path json;

    @Spec
    private CommandSpec spec;

    /** The results, as written by {@code --json}. */
    private record Report(
            int rows,
            Map<Basis, Integer> basis,
            double foreseenWhetherItEnds,
            Map<Metric, ErrorSummary> metrics,
            Map<Technique, Map<Metric, ErrorSummary>> byTechnique) {}

    @Override
    public Integer call() throws IOException {
        Printing printing = Printing.of(spec);
        List<Sample> samples = rows.samples();
        Report report = report(samples, new RowPredictor(as(predictor()), recalibrated));
        printing.print("%d migrations, predicted by %s; convergence predicted correctly: %.1f %%"
                .formatted(report.rows(), report.basis(), 100 * report.foreseenWhetherItEnds()));
        printing.errors("all techniques", report.metrics());
        report.byTechnique().forEach((technique, errors) -> printing.errors(technique.toString(), errors));
        printing.proxies(samples);
        Printing.json(json, report);
        return 0;
    }

    private Predictor as(Predictor predictor) {
        if (accelerator == null) {
            return predictor;
        }
        Accelerator other = Accelerator.parse(accelerator);
        return (migrationCase, technique) ->
                predictor.predict(migrationCase.withVm(migrationCase.vm().withAccelerator(other)), technique);
    }

    private Predictor predictor() throws IOException {
        if (simulation) {
            return new AnalyticPredictor();
        }
        return model == null
                ? ShippedModel.predictor()
                : new ForestPredictor(ModelOptions.read(model), new AnalyticPredictor());
    }

    private static Report report(List<Sample> samples, RowPredictor predictor) {
        Map<Technique, Map<Metric, List<Pair>>> pairs = new EnumMap<>(Technique.class);
        Map<Basis, Integer> basis = new TreeMap<>();
        int rightly = 0;
        for (Sample sample : samples) {
            Prediction prediction = predictor.predict(sample.row().outcome());
            basis.merge(prediction.basis(), 1, Integer::sum);
            rightly += prediction.converges() == sample.converged() ? 1 : 0;
            if (sample.converged()) {
                add(pairs.computeIfAbsent(sample.technique(), any -> new EnumMap<>(Metric.class)), sample, prediction);
            }
        }
        Map<Metric, List<Pair>> all = new EnumMap<>(Metric.class);
        pairs.values()
                .forEach(metrics -> metrics.forEach((metric, list) ->
                        all.computeIfAbsent(metric, any -> new ArrayList<>()).addAll(list)));
        Map<Technique, Map<Metric, ErrorSummary>> byTechnique = new EnumMap<>(Technique.class);
        pairs.forEach((technique, metrics) -> byTechnique.put(technique, summaries(metrics)));
        return new Report(samples.size(), basis, (double) rightly / samples.size(), summaries(all), byTechnique);
    }

    private static void add(Map<Metric, List<Pair>> pairs, Sample sample, Prediction prediction) {
        for (Metric metric : Metric.values()) {
            if (sample.has(metric)) {
                Estimate estimate = prediction.estimates().get(metric);
                pairs.computeIfAbsent(metric, any -> new ArrayList<>())
                        .add(new Pair(
                                estimate.value(),
                                estimate.low(),
                                estimate.high(),
                                sample.measured(metric),
                                sample.row().outcome().migrationCase().vm().vcpuUse()));
            }
        }
    }

    private static Map<Metric, ErrorSummary> summaries(Map<Metric, List<Pair>> pairs) {
        Map<Metric, ErrorSummary> summaries = new EnumMap<>(Metric.class);
        pairs.forEach((metric, list) -> summaries.put(metric, ErrorSummary.of(metric, list)));
        return summaries;
    }
}
