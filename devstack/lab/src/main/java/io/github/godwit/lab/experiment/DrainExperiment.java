package io.github.godwit.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.experiment.Crowd.Member;
import io.github.godwit.lab.linux.LinuxWorkload;
import io.github.godwit.lab.run.ServiceAudit.Promise;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Empties a host of Linux guests in several ways, each in a lab of its own, and measures the time and what the clients lose. */
public final class DrainExperiment {

    private static final int HOSTS = 3;

    /** The clients know the undisturbed rates after this time. */
    private static final Duration BEFORE = Duration.ofSeconds(5);

    private static final Duration AFTER = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofMinutes(20);

    /** A host driver reports no event when its host is empty. */
    private static final Duration POLL = Duration.ofMillis(200);

    private static final List<Member> KINDS = List.of(
            kind("redis", LinuxWorkload.REDIS, "50"),
            kind("web", LinuxWorkload.NGINX, "50"),
            kind("out", LinuxWorkload.IPERF_OUT, "10mbit"),
            kind("in", LinuxWorkload.IPERF_IN, "10mbit"));

    private final Setting setting;
    private final int vms;
    private final int times;

    /**
     * @param vms   number of guests
     * @param times runs of each way
     */
    public DrainExperiment(Setting setting, int vms, int times) {
        this.setting = setting;
        this.vms = vms;
        this.times = times;
    }

    private static Member kind(String name, LinuxWorkload workload, String rate) {
        return new Member(name, workload, rate, MemorySize.ofMebibytes(160));
    }

    /** The guests of a drain: the kinds in turn, with a number. */
    static List<Member> members(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> {
                    Member kind = KINDS.get(i % KINDS.size());
                    return new Member(
                            kind.name() + (i / KINDS.size() + 1), kind.workload(), kind.rate(), kind.memory());
                })
                .toList();
    }

    /**
     * Runs each way in turn until it has been run often enough.
     *
     * @return whether all runs are in the file
     */
    public boolean run() throws InterruptedException {
        ObjectNode setup = Measurements.setup("drain").put("vms", vms);
        return new Measurements<>(setting, setup, results -> next(results, times)).run((mode, results) -> {
            setting.progress().accept("Draining by %s".formatted(mode.id()));
            ObjectNode run = once(mode);
            ObjectNode summary = results.withObject("/" + mode.id());
            summary.withArray("runs").add(run);
            summarize(summary);
            return "%s: empty after %.1f s"
                    .formatted(mode.id(), summary.path("empty_s").asDouble());
        });
    }

    /** The way with the fewest runs, if it has too few. */
    static Optional<DrainMode> next(JsonNode results, int times) {
        return Rounds.next(
                List.of(DrainMode.values()),
                mode -> results.path(mode.id()).path("runs").size(),
                times);
    }

    /** Sets the medians of the runs of a way; of predictions, also how many were right. */
    static void summarize(ObjectNode way) {
        JsonNode runs = way.path("runs");
        for (String member : List.of("empty_s", "violations", "ops_lost", "megabits_lost")) {
            way.put(member, ResultFile.median(runs, member));
        }
        if (runs.findValue("predicted_s") == null) {
            return;
        }
        List<JsonNode> predicted = runs.findValues("predicted_s");
        ArrayNode interval = way.putArray("predicted_s");
        for (int side : new int[] {0, 1}) {
            interval.add(ResultFile.median(
                    predicted.stream().map(each -> each.path(side)).toList()));
        }
        way.put("plan_s", ResultFile.median(runs, "plan_s"));
        way.put("predictions_right", (int) runs.findParents("predicted_s").stream()
                .filter(run -> run.path("predicted_s").path(0).asDouble()
                                <= run.path("plan_s").asDouble()
                        && run.path("plan_s").asDouble()
                                <= run.path("predicted_s").path(1).asDouble())
                .count());
    }

    private ObjectNode once(DrainMode mode) throws InterruptedException {
        try (FreshLab fresh = FreshLab.up(setting, HOSTS)) {
            return drained(fresh.lab(), mode);
        }
    }

    private ObjectNode drained(Lab lab, DrainMode mode) throws InterruptedException {
        try (Crowd crowd = Crowd.start(lab, lab.hosts().get(0), members(vms), setting.progress())) {
            // The host drivers of a cloud have profiled their VMs before somebody empties a host.
            HostDriverClient source = lab.client(lab.hosts().get(0));
            crowd.names().forEach(source::profile);
            DrainMode.Drain drain = mode.prepare(lab, crowd.names(), setting.progress());
            TimeUnit.MILLISECONDS.sleep(BEFORE.toMillis());
            crowd.migrationsBegin();
            long begin = System.nanoTime();
            FutureTask<Double> empty = new FutureTask<>(() -> {
                awaitEmpty(lab);
                crowd.migrationsEnded();
                return (System.nanoTime() - begin) / 1e9;
            });
            Thread watch = new Thread(empty, "empty");
            watch.setDaemon(true);
            watch.start();
            Optional<Promise> promise = drain.run();
            double seconds = empty.get(10, TimeUnit.SECONDS);
            TimeUnit.MILLISECONDS.sleep(AFTER.toMillis());
            ObjectNode result = result(seconds, crowd);
            promise.ifPresent(made -> predicted(result, made, begin));
            return result;
        } catch (ExecutionException | TimeoutException e) {
            throw new LabException(
                    "%s did not become empty by %s: %s"
                            .formatted(lab.hosts().get(0).name(), mode.id(), e.getMessage()),
                    e);
        }
    }

    private static void awaitEmpty(Lab lab) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!lab.client(lab.hosts().get(0)).vms().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new LabException("There are still VMs after %d min.".formatted(LONGEST.toMinutes()));
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
    }

    /** The plan begins when the audit has ended; what is predicted is the plan. */
    static void predicted(ObjectNode result, Promise promise, long begin) {
        result.putArray("predicted_s")
                .add(promise.seconds().low())
                .add(promise.seconds().high());
        result.put("plan_s", result.path("empty_s").asDouble() - (promise.startedAt() - begin) / 1e9);
    }

    private static ObjectNode result(double seconds, Crowd crowd) {
        var reports = crowd.reports();
        DrainLosses losses = DrainLosses.of(new ArrayList<>(reports.values()), seconds);
        ObjectNode result = WireJson.mapper()
                .createObjectNode()
                .put("empty_s", seconds)
                .put("violations", losses.violations())
                .put("ops_lost", losses.opsLost())
                .put("megabits_lost", losses.megabitsLost());
        result.set("clients", WireJson.mapper().valueToTree(reports));
        return result;
    }
}
