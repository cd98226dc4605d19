package io.github.godwit.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.experiment.BarChart.Bar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pictures of the results of an experiment. */
public final class ExperimentPlots {

    private static final String OURS = "godwit";

    private ExperimentPlots() {}

    /**
     * Writes the pictures of files of results; several are results of {@code scatter}, which one picture shows.
     *
     * @param files     the results; without them nothing is written
     * @param directory gets the pictures; it is created
     * @return the pictures
     * @throws LabException when a file cannot be read or written
     */
    public static List<Path> write(List<Path> files, Path directory) {
        List<Path> written = new ArrayList<>();
        try {
            List<JsonNode> results = new ArrayList<>();
            for (Path file : files) {
                if (Files.exists(file)) {
                    results.add(WireJson.mapper().readTree(file.toFile()));
                }
            }
            if (results.isEmpty()) {
                return written;
            }
            Files.createDirectories(directory);
            Map<String, BarChart> charts = results.size() > 1 ? scatter(results) : charts(results.get(0));
            for (var chart : charts.entrySet()) {
                Path picture = directory.resolve(chart.getKey() + ".svg");
                Files.writeString(picture, chart.getValue().svg());
                written.add(picture);
            }
            return written;
        } catch (IOException e) {
            throw new LabException(
                    "The pictures of %s cannot be written to %s: %s".formatted(files, directory, e.getMessage()), e);
        }
    }

    private static Map<String, BarChart> scatter(List<JsonNode> all) {
        List<Bar> bars = new ArrayList<>();
        for (JsonNode results : all) {
            results.properties().forEach(member -> {
                JsonNode free = member.getValue().path("eviction_s");
                if (free.isNumber()) {
                    bars.add(new Bar(
                            "%s into %s, %s"
                                    .formatted(
                                            results.path("memory").asText(),
                                            results.path("destination").asText(),
                                            member.getKey()),
                            free.asDouble(),
                            member.getKey().startsWith("scatter")));
                }
            });
        }
        return Map.of("scatter-eviction_s", new BarChart("Until the source is free, s", bars));
    }

    /** The charts of results, by name. */
    static Map<String, BarChart> charts(JsonNode results) {
        return switch (results.path("experiment").asText()) {
            case "drain" -> drain(results);
            case "order" -> order(results);
            case "reservation" -> reservation(results);
            case "priority" -> priority(results);
            case "scatter" -> scatter(List.of(results));
            default -> Map.of();
        };
    }

    private static Map<String, BarChart> drain(JsonNode results) {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("empty_s", "Time until the host is empty, s");
        titles.put("violations", "Guests below half of their rate, or down for more than a second");
        titles.put("ops_lost", "Operations lost");
        Map<String, BarChart> charts = new LinkedHashMap<>();
        titles.forEach((member, title) -> {
            List<Bar> bars = new ArrayList<>();
            for (DrainMode mode : DrainMode.values()) {
                JsonNode value = results.path(mode.id()).path(member);
                if (value.isNumber()) {
                    bars.add(new Bar(mode.id(), value.asDouble(), mode == DrainMode.GODWIT));
                }
            }
            charts.put("drain-" + member, new BarChart(title, bars));
        });
        return charts;
    }

    private static Map<String, BarChart> order(JsonNode results) {
        List<Bar> bars = new ArrayList<>();
        String ours = results.path(OURS).path("order").asText();
        for (JsonNode each : results.path("orders")) {
            String order = each.path("order").asText();
            boolean marked = order.equals(ours);
            bars.add(new Bar(
                    marked ? order + " (%s)".formatted(OURS) : order,
                    each.path("tmt_s").asDouble(),
                    marked));
        }
        bars.sort(Comparator.comparingDouble(Bar::value));
        return Map.of(
                "order",
                new BarChart(
                        "Total time by order, %s, s"
                                .formatted(results.path("technique").asText()),
                        bars));
    }

    private static Map<String, BarChart> reservation(JsonNode results) {
        Map<String, BarChart> charts = new LinkedHashMap<>();
        for (String technique : List.of("PRE", "POST")) {
            charts.put(
                    "reservation-" + technique,
                    ways(results.path(technique), "Total time of %s under contention, s".formatted(technique)));
            for (String application : List.of("sender_kept", "receiver_kept")) {
                charts.put(
                        "reservation-%s-%s".formatted(technique, application),
                        ways(
                                results.path(application).path(technique),
                                "%s: share of its undisturbed rate during %s".formatted(application, technique)));
            }
        }
        return charts;
    }

    private static BarChart ways(JsonNode values, String title) {
        List<Bar> bars = new ArrayList<>();
        for (ReservationWay way : ReservationWay.values()) {
            if (values.has(way.id())) {
                bars.add(new Bar(way.id(), values.path(way.id()).asDouble(), way == ReservationWay.LOOP));
            }
        }
        return new BarChart(title, bars);
    }

    private static Map<String, BarChart> priority(JsonNode results) {
        Map<String, BarChart> charts = new LinkedHashMap<>();
        for (String urgency : List.of("high", "medium", "low")) {
            for (String member : List.of("total_s", "downtime_ms")) {
                List<Bar> bars = new ArrayList<>();
                for (JsonNode row : results.path("rows")) {
                    if (row.path("urgency").asText().equals(urgency) && row.has(member)) {
                        String technique = row.path("technique").asText();
                        bars.add(new Bar(
                                "%s, VMs %s, %s"
                                        .formatted(
                                                row.path("direction").asText(),
                                                row.path("vms").asText(),
                                                technique),
                                row.path(member).asDouble(),
                                technique.equals(PriorityRow.TRAFFIC_AWARE)));
                    }
                }
                charts.put(
                        "priority-%s-%s".formatted(urgency, member),
                        new BarChart("%s at %s urgency".formatted(member, urgency), bars));
            }
        }
        return charts;
    }
}
