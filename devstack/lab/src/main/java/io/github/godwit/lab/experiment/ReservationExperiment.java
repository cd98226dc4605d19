package io.github.godwit.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.client.ClientReport;
import io.github.godwit.lab.client.GuestClient;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.linux.LinuxAccelerator;
import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.lab.linux.LinuxVms;
import io.github.godwit.lab.linux.LinuxWorkload;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Migrates a VM while applications contend for the link: one guest sends as fast as it can from the source, another one receives as fast
 * as it can on the destination. Compares no reservation with fixed shares of the link and with the host driver's own loop.
 */
public final class ReservationExperiment {

    private static final int HOSTS = 2;
    private static final MemorySize MEMORY = MemorySize.ofMebibytes(192);
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String MOVER = "mover";
    /** The applications have their undisturbed rate, and the clients know it, after this time. */
    private static final Duration BEFORE = Duration.ofSeconds(4);

    /** Brings the VM back between two measurements. */
    private static final Turn BACK = new Turn(Technique.POST_COPY, ReservationWay.NONE);

    private static final List<Technique> TECHNIQUES = List.of(Technique.PRE_COPY, Technique.POST_COPY);

    /** One measurement. */
    record Turn(Technique technique, ReservationWay way) {
        static List<Turn> all() {
            return TECHNIQUES.stream()
                    .flatMap(technique -> Arrays.stream(ReservationWay.values()).map(way -> new Turn(technique, way)))
                    .toList();
        }
    }

    private final Setting setting;
    private final int times;

    /**
     * @param times measurements of each technique with each way
     */
    public ReservationExperiment(Setting setting, int times) {
        this.setting = setting;
        this.times = times;
    }

    /**
     * Measures each technique with each way in turn, until each has been measured often enough.
     *
     * @return whether all measurements are in the file
     */
    public boolean run() throws InterruptedException {
        Measurements<Turn> measurements =
                new Measurements<>(setting, Measurements.setup("reservation"), results -> next(results, times));
        if (measurements.complete()) {
            return true;
        }
        try (FreshLab fresh = FreshLab.up(setting, HOSTS)) {
            Lab lab = fresh.lab();
            Accelerator accelerator = LinuxAccelerator.find().accelerator();
            LinuxGuest sender = start(lab, 0, "sender", LinuxWorkload.IPERF_OUT, "", accelerator);
            LinuxGuest receiver = start(lab, 1, "receiver", LinuxWorkload.IPERF_IN, "", accelerator);
            start(lab, 0, MOVER, LinuxWorkload.REDIS, "50", accelerator);
            return measurements.run((turn, results) -> {
                ObjectNode run = measure(lab, turn, sender, receiver);
                add(results, turn, run);
                return words(turn, run);
            });
        }
    }

    private static LinuxGuest start(
            Lab lab, int host, String vm, LinuxWorkload workload, String rate, Accelerator accelerator) {
        return new LinuxVms(lab).start(lab.hosts().get(host), vm, MEMORY, workload, rate, accelerator);
    }

    /** The measurement with the fewest runs, if it has too few. */
    static Optional<Turn> next(JsonNode results, int times) {
        return Rounds.next(
                Turn.all(),
                turn -> results.path("runs")
                        .path(turn.technique().id())
                        .path(turn.way().id())
                        .size(),
                times);
    }

    private static ObjectNode measure(Lab lab, Turn turn, LinuxGuest sender, LinuxGuest receiver)
            throws InterruptedException {
        ObjectNode result = WireJson.mapper().createObjectNode();
        boolean arrived;
        try (GuestClient out = GuestClient.start(lab, sender);
                GuestClient in = GuestClient.start(lab, receiver)) {
            TimeUnit.MILLISECONDS.sleep(BEFORE.toMillis());
            Consumer<MigrationEvent> marks = LabMigration.onStart(() -> {
                out.migrationBegins();
                in.migrationBegins();
            });
            long begin = System.nanoTime();
            LabMigration.Result moved = migrate(lab, 1, turn, marks.andThen(event -> {
                if (event.phase().isFinal()) {
                    out.migrationEnded();
                    in.migrationEnded();
                }
            }));
            MigrationStatus ended = moved.status();
            arrived = ended.phase() == Phase.COMPLETED;
            result.put("completed", arrived);
            result.put(
                    "total_s",
                    arrived
                            ? ended.outcome().measured().get(Metric.TOTAL_TIME) / MILLIS_PER_SECOND
                            : (System.nanoTime() - begin) / NANOS_PER_SECOND);
            result.put("sender_kept", kept(out.report()));
            result.put("receiver_kept", kept(in.report()));
            result.set(
                    "rates",
                    WireJson.mapper().valueToTree(moved.status().outcome().rates()));
            result.set("service", WireJson.mapper().valueToTree(moved.service()));
            result.set(
                    "notes",
                    WireJson.mapper().valueToTree(moved.status().outcome().notes()));
        }
        if (arrived) {
            migrate(lab, 0, BACK, event -> {});
        }
        return result;
    }

    private static String words(Turn turn, ObjectNode run) {
        return "%s with %s: %s%.1f s, the applications kept %.0f %% and %.0f %%"
                .formatted(
                        turn.technique(),
                        turn.way().id(),
                        run.path("completed").asBoolean(true) ? "" : "not completed after ",
                        run.path("total_s").asDouble(),
                        100 * run.path("sender_kept").asDouble(),
                        100 * run.path("receiver_kept").asDouble());
    }

    private static double kept(ClientReport report) {
        return report.rateBefore() == null || report.rateBefore() == 0 ? 0 : report.rateDuring() / report.rateBefore();
    }

    private static LabMigration.Result migrate(Lab lab, int to, Turn turn, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        Technique technique = turn.technique();
        LabMigration.Result result = new LabMigration(lab)
                .migrate(
                        new LabMigration.Request(
                                MOVER,
                                lab.hosts().get(to).name(),
                                technique,
                                null,
                                turn.way().reservation(lab.link()),
                                null,
                                turn.way().terms().orElse(null)),
                        listener);
        if (result.status().outcome() == null || !result.guestVerified()) {
            throw new LabException("The migration by %s is %s: %s; %s"
                    .formatted(
                            technique, result.status().phase(), result.status().error(), result.guest()));
        }
        return result;
    }

    /** Adds a run, and sets the medians. */
    static void add(ObjectNode results, Turn turn, ObjectNode run) {
        String technique = turn.technique().id();
        JsonNode runs = results.withObject("/runs")
                .withObject("/" + technique)
                .withArray(turn.way().id())
                .add(run);
        results.withObject("/" + technique).put(turn.way().id(), ResultFile.median(runs, "total_s"));
        for (String application : List.of("sender_kept", "receiver_kept")) {
            results.withObject("/" + application)
                    .withObject("/" + technique)
                    .put(turn.way().id(), ResultFile.median(runs, application));
        }
    }
}
