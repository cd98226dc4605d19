package io.github.godwit.training.compare;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.forest.TargetScale;
import io.github.godwit.training.evaluate.OutOfFold;
import io.github.godwit.training.evaluate.OutOfFold.Guess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a comparison as charts, each with its data in a CSV file. */
public final class Plots {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 600;
    private static final int STEPS = 100;

    private final Path directory;

    /**
     * @param directory directory of the files; created when it is missing
     */
    public Plots(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** Draws SLO violations, the optimised metric relative to ORACLE, and the total time, by policy and strategy. */
    public void comparison(Comparison comparison) throws IOException {
        bars(comparison, "violations", "SLO violations", score -> (double) score.violations());
        bars(comparison, "optimised", "optimised metric, relative to ORACLE", score -> 1 + score.regret());
        bars(comparison, "total-time", "mean total time, ms", Comparison.Score::totalTime);
        shares(comparison);
    }

    /** The value of a bar. */
    private interface Height {
        double of(Comparison.Score score);
    }

    private void bars(Comparison comparison, String name, String title, Height height) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("%s, %d cases".formatted(title, comparison.cases()))
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setXAxisLabelRotation(20);
        List<String> policies = new ArrayList<>(comparison.policies().keySet());
        List<String> strategies =
                new ArrayList<>(comparison.policies().get(policies.get(0)).keySet());
        try (PrintWriter csv = csv(name)) {
            csv.println("strategy," + String.join(",", policies));
            for (String strategy : strategies) {
                List<Double> heights = new ArrayList<>();
                for (String policy : policies) {
                    heights.add(height.of(comparison.policies().get(policy).get(strategy)));
                }
                chart.addSeries(strategy, policies, heights);
                csv.println(strategy + "," + numbers(heights));
            }
        }
        BitmapEncoder.saveBitmap(chart, directory.resolve(name).toString(), BitmapFormat.PNG);
    }

    private void shares(Comparison comparison) throws IOException {
        List<String> techniques = comparison.policies().values().stream()
                .flatMap(strategies -> strategies.get("guided").shares().keySet().stream())
                .distinct()
                .sorted()
                .toList();
        List<String> policies = new ArrayList<>(comparison.policies().keySet());
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("techniques chosen by prediction, share of %d cases".formatted(comparison.cases()))
                .build();
        chart.getStyler().setStacked(true);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        try (PrintWriter csv = csv("shares")) {
            csv.println("technique," + String.join(",", policies));
            for (String technique : techniques) {
                List<Double> heights = new ArrayList<>();
                for (String policy : policies) {
                    Map<String, Double> shares =
                            comparison.policies().get(policy).get("guided").shares();
                    heights.add(shares.getOrDefault(technique, 0.0));
                }
                chart.addSeries(technique, policies, heights);
                csv.println(technique + "," + numbers(heights));
            }
        }
        BitmapEncoder.saveBitmap(chart, directory.resolve("shares").toString(), BitmapFormat.PNG);
    }

    /** Draws the cumulative distribution of the absolute error of each metric, with one curve for each technique. */
    public void errors(List<OutOfFold> models) throws IOException {
        for (Metric metric : Metric.values()) {
            String name = "error-" + metric.id().toLowerCase(Locale.ROOT);
            XYChart chart = new XYChartBuilder()
                    .width(WIDTH)
                    .height(HEIGHT)
                    .title("absolute error of " + metric.description())
                    .xAxisTitle("error, " + metric.unit())
                    .yAxisTitle("share of migrations with at most that")
                    .build();
            chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
            try (PrintWriter csv = csv(name)) {
                csv.println("technique,share,error_" + metric.unit());
                for (OutOfFold model : models) {
                    if (model.problem().metric() == metric) {
                        curve(chart, csv, model);
                    }
                }
            }
            BitmapEncoder.saveBitmap(chart, directory.resolve(name).toString(), BitmapFormat.PNG);
        }
    }

    /** Only up to the 95th percentile, because larger errors would compress the rest of the chart. */
    private static void curve(XYChart chart, PrintWriter csv, OutOfFold model) {
        Metric metric = model.problem().metric();
        double[] errors = model.guesses().stream()
                .filter(guess -> guess.sample().converged())
                .mapToDouble(guess -> error(metric, guess))
                .sorted()
                .toArray();
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int i = 0; i <= STEPS && errors.length > 0; i++) {
            double share = 0.95 * i / STEPS;
            x.add(errors[(int) Math.round(share * (errors.length - 1))]);
            y.add(share);
            csv.println("%s,%.3f,%.4g".formatted(model.problem().technique(), share, x.get(i)));
        }
        if (!x.isEmpty()) {
            chart.addSeries(model.problem().technique().toString(), x, y).setMarker(SeriesMarkers.NONE);
        }
    }

    private static double error(Metric metric, Guess guess) {
        return Math.abs(
                TargetScale.measurable(metric, guess.value()) - guess.sample().measured(metric));
    }

    private PrintWriter csv(String name) throws IOException {
        return new PrintWriter(directory.resolve(name + ".csv").toFile(), StandardCharsets.UTF_8);
    }

    private static String numbers(List<Double> numbers) {
        return String.join(
                ",", numbers.stream().map(number -> "%.5g".formatted(number)).toList());
    }
}
