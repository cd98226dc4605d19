package io.github.godwit.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.experiment.Crowd.Member;
import io.github.godwit.lab.linux.LinuxWorkload;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.solve.Schedulers;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures what the order of migrations matters ([FGCS 2025]): four Linux guests move from one host to another one after another, in all
 * 24 orders. Their kinds are those of the paper: outbound traffic (NO), memory (M), CPU (C) and inbound traffic (NI). The next
 * order is measured in the opposite direction, which is the same for this network. What the product's scheduler would do is among them.
 */
public final class OrderExperiment {

    private static final int HOSTS = 2;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final MemorySize MEMORY = MemorySize.ofMebibytes(192);

    private final Setting setting;
    private final Technique technique;
    private final List<Member> members;

    /**
     * @param vms       number of guests, 2 to 4
     * @param technique the technique of all migrations
     */
    public OrderExperiment(Setting setting, int vms, Technique technique) {
        this.setting = setting;
        this.technique = technique;
        this.members = members(vms, setting.link());
    }

    /** The guests, of which the first {@code number} are used; their traffic is half of the link each. */
    static List<Member> members(int number, Bandwidth link) {
        String half = Bandwidth.ofMegabits(Math.max(1, Math.round(link.megabits() / 2)))
                .toString();
        return List.of(
                        new Member("NO", LinuxWorkload.IPERF_OUT, half, MEMORY),
                        new Member("M", LinuxWorkload.REDIS, "300", MEMORY),
                        new Member("C", LinuxWorkload.BUILD, "", MEMORY),
                        new Member("NI", LinuxWorkload.IPERF_IN, half, MEMORY))
                .subList(0, number);
    }

    /**
     * Measures until nothing is left to measure; see {@link OrderPlan}.
     *
     * @return whether nothing is left to measure
     */
    public boolean run() throws InterruptedException {
        List<String> orders = OrderPlan.all(members.stream().map(Member::name).toList());
        ObjectNode setup =
                Measurements.setup("order").put("technique", technique.id()).put("vms", members.size());
        Measurements<String> measurements = new Measurements<>(setting, setup, results -> next(orders, results));
        if (measurements.complete()) {
            return true;
        }
        try (FreshLab fresh = FreshLab.up(setting, HOSTS)) {
            return inLab(fresh.lab(), measurements);
        }
    }

    private boolean inLab(Lab lab, Measurements<String> measurements) throws InterruptedException {
        try (Crowd crowd = Crowd.start(lab, lab.hosts().get(0), members, setting.progress())) {
            SeenTraffic traffic = new SeenTraffic(crowd.guests());
            if (ours(measurements.results().content()).isEmpty()) {
                traffic.await(lab.client(lab.hosts().get(0)), setting.progress());
                decide(lab, crowd.names(), measurements.results());
            }
            AtomicInteger from = new AtomicInteger();
            return measurements.run((order, results) -> {
                int source = from.get();
                traffic.await(lab.client(lab.hosts().get(source)), setting.progress());
                double seconds = migrate(lab, source, order);
                from.set(1 - source);
                add(results, order, seconds);
                return "%s: %.1f s".formatted(order, seconds);
            });
        }
    }

    /** The next order; there is always one until the product's scheduler has been asked for its own. */
    static Optional<String> next(List<String> orders, JsonNode results) {
        Optional<String> ours = ours(results);
        return ours.isEmpty() ? Optional.of(orders.get(0)) : OrderPlan.next(orders, ours, runs(results));
    }

    /** The order that the product's scheduler chose, once it has. */
    static Optional<String> ours(JsonNode results) {
        return Optional.ofNullable(results.path("godwit").path("order").textValue());
    }

    /** Asks the product's scheduler once, so that every start of the experiment measures the same order. */
    private void decide(Lab lab, List<String> vms, ResultFile results) throws InterruptedException {
        SchedulingProblem problem = new LabProblem(
                        lab, lab.hosts().get(0), lab.hosts().get(1))
                .of(vms, Set.of(technique), Urgency.MEDIUM, 1, false);
        decided(results.content(), Schedulers.standard().schedule(problem));
        results.save();
        setting.progress()
                .accept("Godwit's order is %s".formatted(ours(results.content()).orElseThrow()));
    }

    /** Records a schedule of migrations one after another. */
    static void decided(ObjectNode results, Schedule schedule) {
        ObjectNode godwit = results.putObject("godwit").put("order", String.join("-", schedule.order()));
        godwit.put("method", schedule.method());
        godwit.putArray("predicted_s")
                .add(schedule.end().low())
                .add(schedule.end().high());
    }

    /** The times of the orders in a file. */
    static Map<String, List<Double>> runs(JsonNode results) {
        Map<String, List<Double>> runs = new HashMap<>();
        for (JsonNode order : results.path("orders")) {
            List<Double> times = new ArrayList<>();
            order.path("runs").forEach(time -> times.add(time.asDouble()));
            runs.put(order.path("order").asText(), times);
        }
        return runs;
    }

    /** Adds a time to an order, and to that of the scheduler if it is the same. */
    static void add(ObjectNode results, String order, double seconds) {
        ArrayNode orders = results.withArray("orders");
        ObjectNode entry = null;
        for (JsonNode each : orders) {
            if (each.path("order").asText().equals(order)) {
                entry = (ObjectNode) each;
            }
        }
        if (entry == null) {
            entry = orders.addObject().put("order", order);
        }
        entry.withArray("runs").add(seconds);
        entry.put("tmt_s", ResultFile.median(entry.path("runs")));
        if (ours(results).filter(order::equals).isPresent()) {
            ((ObjectNode) results.path("godwit")).setAll(entry.deepCopy());
        }
    }

    /** Migrates the guests in an order, each after the end of the last; returns the total time in seconds. */
    private double migrate(Lab lab, int from, String order) throws InterruptedException {
        LabHost source = lab.hosts().get(from);
        HostDriverClient driver = lab.client(source);
        long begin = System.nanoTime();
        for (String vm : order.split("-", -1)) {
            MigrationStatus started = driver.migrate(
                    MigrationRequest.of(vm, lab.hosts().get(1 - from).hostDriver())
                            .technique(technique)
                            .timeLimit(LIMIT)
                            .build());
            MigrationStatus ended = driver.follow(started.id(), LIMIT.plusMinutes(1), event -> {});
            if (ended.phase() != Phase.COMPLETED) {
                throw new LabException("The migration of %s in the order %s is %s: %s"
                        .formatted(vm, order, ended.phase(), ended.error()));
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }
}
