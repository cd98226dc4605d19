package io.github.godwit.strategy.report;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.select.Slo;
import io.github.godwit.strategy.report.PlanReport.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The report as text: a table at most 120 characters wide, with the reason of each migration below its row. */
public final class PlanTable {

    /** Maximum width of a line in characters. */
    static final int WIDTH = 120;

    private static final List<String> HEADER = List.of(
            "VM", "from", "to", "technique", "TT s", "DT ms", "TD MB", "PERF", "CPU %", "MEM MB", "SLO", "guest");

    private PlanTable() {}

    /** The report as text; every line ends with a newline. */
    public static String write(PlanReport report) {
        List<String> lines = new ArrayList<>();
        if (!report.entries().isEmpty()) {
            lines.add(policy(report));
            lines.add(
                    report.dryRun()
                            ? "Dry run: predicted values; ! marks a value that breaks its SLO."
                            : "Values are predicted/measured; ! marks a value that breaks its SLO.");
            if (report.entries().stream().anyMatch(PlanTable::showsProxy)) {
                lines.add("~ marks a proxy of PERF from outside of the guest, which is not compared with SLOs.");
            }
            lines.add("");
            lines.addAll(rows(report));
            lines.add("");
        }
        lines.addAll(TextLayout.wrapped(report.verdict(), "", WIDTH));
        report.unplanned().forEach(note -> lines.addAll(TextLayout.wrapped(note, "Not planned: ", WIDTH)));
        report.omitted().forEach(note -> lines.addAll(TextLayout.wrapped(note, "Left out: ", WIDTH)));
        return lines.stream().collect(Collectors.joining("\n", "", "\n"));
    }

    private static String policy(PlanReport report) {
        String limits = report.policy().slos().stream()
                .map(slo -> "%s %s %s"
                        .formatted(
                                slo.metric(),
                                slo.metric().bound() == Metric.Bound.UPPER ? "<=" : ">=",
                                slo.metric().format(slo.threshold())))
                .collect(Collectors.joining(", "));
        String optimised =
                report.policy().optimize().keySet().stream().map(Metric::id).collect(Collectors.joining(" and "));
        return "Policy %s: %s; optimises %s."
                .formatted(report.policy().name(), limits.isEmpty() ? "no SLO" : limits, optimised);
    }

    private static List<String> rows(PlanReport report) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(HEADER);
        report.entries().forEach(entry -> cells.add(row(entry)));
        List<String> table = TextLayout.table(cells, WIDTH, 3);
        List<String> lines = new ArrayList<>(List.of(table.get(0)));
        for (int i = 0; i < report.entries().size(); i++) {
            Entry entry = report.entries().get(i);
            lines.add(table.get(i + 1));
            if (!entry.error().isEmpty()) {
                String end = entry.end().map(Object::toString).orElse("error");
                lines.addAll(TextLayout.wrapped(entry.error(), "    " + end + ": ", WIDTH));
            }
            lines.addAll(TextLayout.wrapped(entry.reason(), "    why: ", WIDTH));
        }
        return lines;
    }

    private static List<String> row(Entry entry) {
        List<String> row = new ArrayList<>(
                List.of(entry.vm(), entry.from(), entry.to(), entry.technique().id()));
        for (Metric metric : Metric.values()) {
            row.add(cell(entry, metric));
        }
        row.add(entry.judged() ? entry.violated().isEmpty() ? "kept" : "violated" : "-");
        row.add(entry.guestVerified()
                .map(intact -> intact ? "intact" : "CORRUPT")
                .orElse("-"));
        return row;
    }

    private static String cell(Entry entry, Metric metric) {
        String predicted = number(metric, entry.prediction().value(metric));
        String broken = entry.violated().stream().map(Slo::metric).anyMatch(metric::equals) ? "!" : "";
        if (entry.end().isEmpty()) {
            return predicted + broken;
        }
        Double measured = entry.measured().get(metric);
        if (metric == Metric.PERFORMANCE && showsProxy(entry)) {
            return predicted + "/~" + number(metric, entry.perfProxy().orElseThrow());
        }
        return predicted + "/" + (measured == null ? "-" : number(metric, measured)) + broken;
    }

    /** Whether the proxy stands in the place of PERF, which was not measured. */
    private static boolean showsProxy(Entry entry) {
        return entry.perfProxy().isPresent() && !entry.measured().containsKey(Metric.PERFORMANCE);
    }

    private static String number(Metric metric, double value) {
        return switch (metric) {
            case TOTAL_TIME -> (value < 99_950 ? "%.1f" : "%.0f").formatted(value / 1000);
            case PERFORMANCE -> "%.2f".formatted(value);
            default -> (value > -9.95 && value < 9.95 ? "%.1f" : "%.0f").formatted(value);
        };
    }
}
