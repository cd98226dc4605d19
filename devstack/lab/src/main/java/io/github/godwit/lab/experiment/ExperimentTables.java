package io.github.godwit.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The results of an experiment as a short table, from nothing but their file. */
public final class ExperimentTables {

    private static final double PERCENT = 100;

    private ExperimentTables() {}

    /**
     * The table of a file of results.
     *
     * @return empty without a run
     * @throws io.github.godwit.lab.LabException when the file cannot be read
     */
    public static Optional<String> of(Path file) {
        JsonNode results = ResultFile.read(file.toAbsolutePath());
        return Optional.of(table(results))
                .filter(table -> !table.isEmpty())
                .map(table -> caption(results) + System.lineSeparator() + table);
    }

    private static String caption(JsonNode results) {
        String accelerator = results.path("accelerator").asText();
        return "Medians, links of %s%s:"
                .formatted(results.path("link").asText(), accelerator.isEmpty() ? "" : ", guests under " + accelerator);
    }

    static TextTable table(JsonNode results) {
        return switch (results.path("experiment").asText()) {
            case "drain" -> drain(results);
            case "order" -> OrderTable.of(results);
            case "reservation" -> reservation(results);
            case "priority" -> priority(results);
            case "recovery" -> recovery(results);
            case "scatter" -> scatter(results);
            case "scatter-faults" -> counted(results, "fault", "survived");
            case "scatter-memory" -> counted(results, "guest", "intact");
            default -> new TextTable(0, List.of());
        };
    }

    /** How often something went well, of how many times. */
    private static TextTable counted(JsonNode results, String what, String well) {
        TextTable table = new TextTable(1, List.of(what, well, "of"));
        results.properties().forEach(member -> {
            JsonNode each = member.getValue();
            if (each.has(well)) {
                table.add(List.of(
                        member.getKey(),
                        each.path(well).asText(),
                        each.path("of").asText()));
            }
        });
        return table;
    }

    private static TextTable scatter(JsonNode results) {
        TextTable table = new TextTable(
                1,
                List.of(
                        "way",
                        "runs",
                        "intact",
                        "source free, s",
                        "TT, s",
                        "DT, ms",
                        "gap, ms",
                        "TD, MB",
                        "PERF",
                        "page served, ms"));
        results.properties().forEach(member -> {
            JsonNode way = member.getValue();
            if (way.path("eviction_s").isNumber()) {
                table.add(List.of(
                        member.getKey(),
                        way.path("runs").asText(),
                        way.path("intact").asText(),
                        figure(way, "eviction_s", 1),
                        figure(way, "tt_s", 1),
                        figure(way, "dt_ms", 0),
                        figure(way, "gap_ms", 0),
                        figure(way, "td_mb", 0),
                        figure(way, "perf", 2),
                        figure(way, "served_ms", 2)));
            }
        });
        return table;
    }

    private static String figure(JsonNode way, String name, int digits) {
        return way.has(name)
                ? BigDecimal.valueOf(way.path(name).asDouble())
                        .setScale(digits, RoundingMode.HALF_UP)
                        .toPlainString()
                : "-";
    }

    private static TextTable drain(JsonNode results) {
        TextTable table = new TextTable(
                1,
                List.of(
                        "way",
                        "runs",
                        "empty, s",
                        "violations",
                        "operations lost",
                        "Mbit lost",
                        "plan, s",
                        "predicted, s",
                        "right"));
        for (DrainMode mode : DrainMode.values()) {
            JsonNode way = results.path(mode.id());
            int runs = way.path("runs").size();
            if (runs > 0) {
                List<String> row = new ArrayList<>(List.of(
                        mode.id(),
                        Integer.toString(runs),
                        number(way, "empty_s", 1),
                        number(way, "violations", 1),
                        number(way, "ops_lost", 0),
                        number(way, "megabits_lost", 0)));
                JsonNode predicted = way.path("predicted_s");
                if (predicted.size() == 2) {
                    row.add(number(way, "plan_s", 1));
                    row.add("%s to %s"
                            .formatted(
                                    TextTable.number(predicted.path(0).asDouble(), 1),
                                    TextTable.number(predicted.path(1).asDouble(), 1)));
                    row.add("%d of %d".formatted(way.path("predictions_right").asInt(), runs));
                }
                table.add(row);
            }
        }
        return table;
    }

    private static TextTable reservation(JsonNode results) {
        TextTable table =
                new TextTable(2, List.of("technique", "way", "runs", "total, s", "sender kept, %", "receiver kept, %"));
        for (ReservationExperiment.Turn turn : ReservationExperiment.Turn.all()) {
            String technique = turn.technique().id();
            String way = turn.way().id();
            int runs = results.path("runs").path(technique).path(way).size();
            if (runs > 0) {
                table.add(List.of(
                        technique,
                        way,
                        Integer.toString(runs),
                        number(results.path(technique), way, 1),
                        percent(results.path("sender_kept").path(technique).path(way)),
                        percent(results.path("receiver_kept").path(technique).path(way))));
            }
        }
        return table;
    }

    /** All directions of traffic together; runs that failed have no numbers. */
    private static TextTable priority(JsonNode results) {
        TextTable table = new TextTable(
                2, List.of("urgency", "technique", "runs", "failed", "total, s", "downtime, ms", "kept, %"));
        for (String urgency : List.of("high", "medium", "low")) {
            for (String technique : PriorityRow.TECHNIQUES) {
                List<JsonNode> runs = runs(results, urgency, technique);
                List<JsonNode> moved =
                        runs.stream().filter(run -> !run.has("failed")).toList();
                if (!runs.isEmpty()) {
                    List<String> row = new ArrayList<>(List.of(
                            urgency,
                            technique,
                            Integer.toString(runs.size()),
                            Integer.toString(runs.size() - moved.size())));
                    if (!moved.isEmpty()) {
                        row.add(TextTable.number(median(moved, "total_s"), 1));
                        row.add(TextTable.number(median(moved, "downtime_ms"), 0));
                        row.add(TextTable.number(PERCENT * median(moved, "kept"), 0));
                    }
                    table.add(row);
                }
            }
        }
        return table;
    }

    private static TextTable recovery(JsonNode results) {
        TextTable table = new TextTable(
                2,
                List.of(
                        "hypervisor",
                        "technique",
                        "cuts",
                        "recovered, memory intact",
                        "paused, s",
                        "longest, s",
                        "attempts"));
        JsonNode runs = results.path("runs");
        if (!runs.isEmpty()) {
            double longest = 0;
            for (JsonNode run : runs) {
                longest = Math.max(longest, run.path("paused_s").asDouble());
            }
            table.add(List.of(
                    results.path("hypervisor").asText(),
                    results.path("technique").asText(),
                    Integer.toString(runs.size()),
                    results.path("recovered").asText(),
                    TextTable.number(ResultFile.median(runs, "paused_s"), 1),
                    TextTable.number(longest, 1),
                    TextTable.number(ResultFile.median(runs, "attempts"), 0)));
        }
        return table;
    }

    private static List<JsonNode> runs(JsonNode results, String urgency, String technique) {
        List<JsonNode> runs = new ArrayList<>();
        for (JsonNode row : results.path("rows")) {
            if (row.path("urgency").asText().toLowerCase(Locale.ROOT).equals(urgency)
                    && row.path("technique").asText().equals(technique)) {
                row.path("runs").forEach(runs::add);
            }
        }
        return runs;
    }

    private static double median(List<JsonNode> runs, String member) {
        return ResultFile.median(runs.stream().map(run -> run.path(member)).toList());
    }

    private static String number(JsonNode node, String member, int digits) {
        return TextTable.number(node.path(member).asDouble(), digits);
    }

    private static String percent(JsonNode share) {
        return TextTable.number(PERCENT * share.asDouble(), 0);
    }
}
