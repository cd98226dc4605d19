package io.github.godwit.strategy.shadow;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.report.TextLayout;
import io.github.godwit.strategy.shadow.Uncompared.Why;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The report as text, at most 120 characters wide. */
public final class ReportTable {

    private static final int WIDTH = 120;

    private ReportTable() {}

    /** The report as text; every line ends with a newline. */
    public static String write(ShadowReport report) {
        List<String> lines =
                new ArrayList<>(List.of("Godwit observed %d migrations from %s to %s, of which %d are compared."
                        .formatted(
                                report.observed(),
                                report.since().truncatedTo(ChronoUnit.SECONDS),
                                report.until().truncatedTo(ChronoUnit.SECONDS),
                                report.all().migrations())));
        if (report.advised() > 0) {
            lines.add("%d other migrations were not only observed.".formatted(report.advised()));
        }
        if (report.all().migrations() > 0) {
            choices(report, lines);
            accuracy(report, lines);
            savings(report, lines);
        }
        uncompared(report, lines);
        if (!report.notes().isEmpty()) {
            lines.add("");
            report.notes().forEach(note -> lines.addAll(TextLayout.wrapped(note, "", WIDTH)));
        }
        return lines.stream().collect(Collectors.joining("\n", "", "\n"));
    }

    private static Stream<ObservedGroup> groups(ShadowReport report) {
        return report.techniques().size() == 1
                ? Stream.of(report.techniques().get(0))
                : Stream.concat(Stream.of(report.all()), report.techniques().stream());
    }

    private static String name(ObservedGroup group) {
        return group.technique() == null ? "all" : group.technique().id();
    }

    private static void choices(ShadowReport report, List<String> lines) {
        lines.add("");
        lines.add("What Godwit would have chosen for the migrations that Nova ran by each technique.");
        groups(report)
                .forEach(group -> lines.addAll(TextLayout.wrapped(
                        chosen(group), "%-14s%6d  ".formatted(name(group), group.migrations()), WIDTH)));
    }

    private static String chosen(ObservedGroup group) {
        List<String> words = new ArrayList<>();
        group.chosen().entrySet().stream()
                .sorted(Map.Entry.<Technique, Integer>comparingByValue().reversed())
                .forEach(each -> words.add("%s %d".formatted(each.getKey().id(), each.getValue())));
        if (group.leftToNova() > 0) {
            words.add("left to Nova %d".formatted(group.leftToNova()));
        }
        return String.join(", ", words);
    }

    private static void accuracy(ShadowReport report, List<String> lines) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(Stream.concat(Stream.of("Nova ran"), Stream.of(Metric.values()).map(Metric::id))
                .toList());
        groups(report)
                .forEach(group -> rows.add(Stream.concat(
                                Stream.of(name(group)),
                                Stream.of(Metric.values())
                                        .map(metric -> errors(group.accuracy().get(metric))))
                        .toList()));
        add(
                lines,
                "Predictions of what Nova ran: geometric mean of the relative errors, and share within the 90 % interval.",
                rows);
    }

    private static String errors(Accuracy accuracy) {
        return accuracy == null ? "-" : "%s, %s".formatted(percent(accuracy.gmre()), percent(accuracy.within()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share);
    }

    private static void savings(ShadowReport report, List<String> lines) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("Nova ran", "saved", "migrations", "sum", "mean", "90 % interval of the sum", "more than 0"));
        groups(report).forEach(group -> {
            group.saved().forEach((metric, saving) -> rows.add(row(name(group), unit(metric), factor(metric), saving)));
            if (group.violationsAvoided() != null) {
                rows.add(row(name(group), "SLO violations", 1, group.violationsAvoided()));
            }
        });
        add(lines, "Expected savings by what Godwit would have chosen; less than 0 would have cost more.", rows);
    }

    private static List<String> row(String group, String what, double factor, Saving saving) {
        return List.of(
                group,
                what,
                String.valueOf(saving.migrations()),
                number(saving.sum() * factor),
                number(saving.mean() * factor),
                saving.low() == null
                        ? "too few"
                        : "%s to %s".formatted(number(saving.low() * factor), number(saving.high() * factor)),
                saving.probability() == null ? "-" : percent(saving.probability()));
    }

    private static double factor(Metric metric) {
        return metric == Metric.TOTAL_TIME ? 1e-3 : 1;
    }

    private static String unit(Metric metric) {
        return switch (metric) {
            case TOTAL_TIME -> "TT s";
            case PERFORMANCE -> "PERF";
            default -> "%s %s".formatted(metric.id(), metric.unit());
        };
    }

    private static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%.0f", value);
    }

    private static void uncompared(ShadowReport report, List<String> lines) {
        if (report.notCompared().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("Not compared: "
                + report.notCompared().entrySet().stream()
                        .map(each -> "%d %s".formatted(each.getValue(), words(each.getKey())))
                        .collect(Collectors.joining(", ")));
        for (Uncompared each : report.uncompared()) {
            lines.addAll(TextLayout.wrapped(
                    "%s %s, %s to %s: %s%s"
                            .formatted(
                                    each.at().truncatedTo(ChronoUnit.SECONDS),
                                    each.vm(),
                                    each.source(),
                                    each.destination(),
                                    words(each.why()),
                                    each.reason() == null ? "" : ": " + each.reason()),
                    "    ",
                    WIDTH));
        }
    }

    private static String words(Why why) {
        return switch (why) {
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
            case UNDECIDED -> "without a decision in time";
            case INCOMPARABLE -> "not comparable";
            case MISSING -> "known to Nova alone";
        };
    }

    private static void add(List<String> lines, String title, List<List<String>> rows) {
        lines.add("");
        lines.add(title);
        lines.addAll(TextLayout.table(rows, WIDTH, 1));
    }
}
