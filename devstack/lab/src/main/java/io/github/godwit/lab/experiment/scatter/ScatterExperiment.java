package io.github.godwit.lab.experiment.scatter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.experiment.FreshLab;
import io.github.godwit.lab.experiment.Measurements;
import io.github.godwit.lab.experiment.Setting;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Migrates a VM to a destination whose link is slower than the source's, by PRE, by POST, and by scatter-gather with one or more intermediaries. Measures how
 * long it takes until the source is free, and until the destination has everything. All runs are in one lab.
 */
public final class ScatterExperiment {

    private static final int HOSTS = 2;
    private static final String VM = "scattered";
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Map<String, Metric> METRICS = Map.of(
            "tt_s", Metric.TOTAL_TIME,
            "dt_ms", Metric.DOWNTIME,
            "td_mb", Metric.TRANSFERRED_DATA,
            "perf", Metric.PERFORMANCE,
            "cpu_percent", Metric.CPU);

    private static final List<String> SUMMARISED = List.of(
            "eviction_s",
            "tt_s",
            "dt_ms",
            "gap_ms",
            "td_mb",
            "perf",
            "cpu_percent",
            "served_ms",
            "source_driver_mb",
            "source_driver_own_mb",
            "source_driver_cpu_s",
            "destination_driver_mb",
            "destination_driver_own_mb",
            "destination_driver_cpu_s");

    private final Setting setting;
    private final List<ScatterWay> ways;
    private final Bandwidth destination;
    private final MemorySize memory;
    private final ScatterGuest guest;
    private final int times;

    /**
     * @param intermediaries the numbers of intermediaries to try
     * @param destination    rate of the link into the destination
     * @param memory         memory of the VM
     * @param guest          what the VM runs
     * @param times          number of runs of each way
     */
    public ScatterExperiment(
            Setting setting,
            List<Integer> intermediaries,
            Bandwidth destination,
            MemorySize memory,
            ScatterGuest guest,
            int times) {
        this.setting = setting;
        this.ways = ScatterWay.of(intermediaries);
        this.destination = destination;
        this.memory = memory;
        this.guest = guest;
        this.times = times;
    }

    /**
     * Migrates until there are as many runs of each way as wanted.
     *
     * @return whether all runs are in the file
     */
    public boolean run() throws InterruptedException {
        ObjectNode setup = Measurements.setup("scatter")
                .put("destination", destination.toString())
                .put("memory", memory.toString())
                .put("pattern", guest.name());
        Measurements<ScatterWay> measurements = new Measurements<>(setting, setup, this::next, guest::accelerator);
        int most = ways.stream().mapToInt(ScatterWay::intermediaries).max().orElse(0);
        try (FreshLab fresh = FreshLab.withIntermediaries(setting, HOSTS, most)) {
            Lab lab = fresh.lab();
            setting.commands()
                    .run(LinkShape.withShortQueue(destination)
                            .inbound(lab.name(), lab.hosts().get(1).name()));
            return measurements.run((way, results) -> {
                ObjectNode run = migrate(lab, way);
                results.withArray("runs").add(run);
                summarise(results);
                return "%s: %s".formatted(way.name(), words(run));
            });
        }
    }

    private Optional<ScatterWay> next(JsonNode results) {
        for (int round = 1; round <= times; round++) {
            for (ScatterWay way : ways) {
                if (runs(results, way).size() < round) {
                    return Optional.of(way);
                }
            }
        }
        return Optional.empty();
    }

    private static List<JsonNode> runs(JsonNode results, ScatterWay way) {
        List<JsonNode> runs = new ArrayList<>();
        results.path("runs").forEach(run -> {
            if (run.path("way").asText().equals(way.name())) {
                runs.add(run);
            }
        });
        return runs;
    }

    private static String words(ObjectNode run) {
        return run.has("eviction_s")
                ? "the source was free after %.1f s, the destination had everything after %.1f s%s"
                        .formatted(
                                run.path("eviction_s").asDouble(),
                                run.path("tt_s").asDouble(),
                                run.path("memory_intact").asBoolean() ? ", memory intact" : ", memory damaged")
                : run.path("error").asText();
    }

    /** The VM starts anew for each run, on the source. */
    private ObjectNode migrate(Lab lab, ScatterWay way) throws InterruptedException {
        LabVms vms = new LabVms(lab);
        guest.start(lab, lab.hosts().get(0), VM, memory);
        ObjectNode run = WireJson.mapper().createObjectNode().put("way", way.name());
        HostDriverCost source = HostDriverCost.of(lab.hosts().get(0), setting.commands());
        HostDriverCost destination = HostDriverCost.of(lab.hosts().get(1), setting.commands());
        try {
            LabMigration.Result result = new LabMigration(lab)
                    .migrate(
                            new LabMigration.Request(
                                    VM,
                                    lab.hosts().get(1).name(),
                                    way.technique(),
                                    null,
                                    null,
                                    LIMIT,
                                    null,
                                    way.order(lab)),
                            event -> {});
            record(run, result);
            run.put("source_driver_mb", source.peakMegabytes())
                    .put("source_driver_own_mb", source.ownMegabytes())
                    .put("source_driver_cpu_s", source.cpuSeconds())
                    .put("destination_driver_mb", destination.peakMegabytes())
                    .put("destination_driver_own_mb", destination.ownMegabytes())
                    .put("destination_driver_cpu_s", destination.cpuSeconds());
        } catch (LabException | HostDriverException e) {
            run.put("error", e.getMessage());
        } finally {
            vms.stop(VM);
        }
        return run;
    }

    private static void record(ObjectNode run, LabMigration.Result result) {
        Outcome outcome = result.status().outcome();
        run.put("phase", result.status().phase().toString())
                .put("memory_intact", result.guestVerified())
                .put("guest", result.guest());
        if (outcome == null) {
            run.put("error", result.status().error());
            return;
        }
        METRICS.forEach((name, metric) -> {
            Double value = outcome.measured().get(metric);
            if (value != null) {
                run.put(name, metric == Metric.TOTAL_TIME ? value / 1e3 : value);
            }
        });
        run.put("gap_ms", outcome.serviceDowntimeMillis());
        if (outcome.gathering() == null) {
            run.put("eviction_s", run.path("tt_s").asDouble());
        } else {
            run.put("eviction_s", outcome.gathering().evictionMillis() / 1e3)
                    .put("asked", outcome.gathering().asked())
                    .put("served_ms", outcome.gathering().medianMillis());
        }
        run.set("notes", WireJson.mapper().valueToTree(outcome.notes()));
    }

    /** Medians of each way, beside the runs. */
    private void summarise(ObjectNode results) {
        for (ScatterWay way : ways) {
            List<JsonNode> runs = runs(results, way);
            if (runs.isEmpty()) {
                continue;
            }
            ObjectNode summary = results.putObject(way.name());
            for (String name : SUMMARISED) {
                List<Double> values = new ArrayList<>();
                runs.stream()
                        .filter(run -> run.has(name))
                        .forEach(run -> values.add(run.path(name).asDouble()));
                if (!values.isEmpty()) {
                    Collections.sort(values);
                    summary.put(name, values.get(values.size() / 2));
                }
            }
            summary.put("runs", runs.size())
                    .put(
                            "intact",
                            runs.stream()
                                    .filter(run -> run.path("memory_intact").asBoolean())
                                    .count());
        }
    }
}
