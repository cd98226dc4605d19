package io.github.godwit.training;

import io.github.godwit.model.Metric;
import io.github.godwit.model.Prediction;
import io.github.godwit.model.Predictor;
import io.github.godwit.model.Technique;
import io.github.godwit.model.analytic.AnalyticPredictor;
import io.github.godwit.model.api.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code godwit-train accuracy}: how well the analytic predictor foresaw real migrations. */
@Command(
        name = "accuracy",
        mixinStandardHelpOptions = true,
        description = "Compares the analytic predictor with measured migrations: predicts each recorded case anew and "
                + "prints the relative errors by technique and metric.",
        footer = {
            "",
            "Example:",
            "  devstack/lab/bin/lab measure --cases 30 --out rows.jsonl",
            "  godwit-train accuracy rows.jsonl"
        })
final class AccuracyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "Outcomes, one JSON object a line.")
    private Path file;

    @Option(names = "--rows", description = "Print every row too: predicted beside measured.")
    private boolean eachRow;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<Outcome> outcomes = OutcomeFile.read(file);
        if (outcomes.isEmpty()) {
            throw new IOException("There is no outcome in %s. Make some with 'lab measure'.".formatted(file));
        }
        Predictor predictor = new AnalyticPredictor();
        PrintWriter out = spec.commandLine().getOut();
        if (eachRow) {
            printRows(out, outcomes, predictor);
        }
        print(out, AccuracyReport.of(outcomes, predictor));
        return 0;
    }

    private static void print(PrintWriter out, AccuracyReport report) {
        out.printf("%d migrations; relative error: median / 90th percentile%n", report.rows());
        out.printf("%-18s %5s", "technique", "rows");
        for (Metric metric : Metric.values()) {
            out.printf(" %13s", metric);
        }
        out.printf(" %12s%n", "convergence");
        report.errors().forEach((technique, errors) -> {
            int rows = errors.containsKey(Metric.TT) ? errors.get(Metric.TT).count() : 0;
            out.printf("%-18s %5d", technique.id(), rows);
            for (Metric metric : Metric.values()) {
                out.printf(" %13s", cell(errors.get(metric)));
            }
            out.printf(" %9.0f %%%n", 100 * report.convergence().get(technique));
        });
        out.printf("convergence predicted rightly: %.1f %%%n", 100 * report.convergedRightly());
        out.flush();
    }

    private static String cell(RelativeErrors errors) {
        return errors == null ? "-" : "%.0f %% / %.0f %%".formatted(100 * errors.median(), 100 * errors.p90());
    }

    private static void printRows(PrintWriter out, List<Outcome> outcomes, Predictor predictor) {
        for (Outcome outcome : outcomes) {
            Technique technique = outcome.technique();
            Prediction prediction = predictor.predict(outcome.migrationCase(), technique);
            out.printf("%-14s %-12s", outcome.migrationCase().vm().name(), technique.id());
            for (Map.Entry<Metric, Double> measured : outcome.measured().entrySet()) {
                out.printf(
                        " %s %.3g:%.3g", measured.getKey(), prediction.value(measured.getKey()), measured.getValue());
            }
            out.printf(" converges %s:%s%n", prediction.converges(), outcome.converged());
        }
    }
}
