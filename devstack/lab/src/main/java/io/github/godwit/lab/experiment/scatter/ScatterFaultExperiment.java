package io.github.godwit.lab.experiment.scatter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.experiment.FreshLab;
import io.github.godwit.lab.experiment.Measurements;
import io.github.godwit.lab.experiment.Setting;
import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Causes each {@link ScatterFault} before and after the source is free, with two copies on two intermediaries, and counts how often the VM runs on exactly
 * one side with its memory intact. Each fault has a lab of its own.
 */
public final class ScatterFaultExperiment {

    private static final int HOSTS = 2;
    private static final int INTERMEDIARIES = 2;
    private static final String VM = "scattered";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** The source's host driver, killed and started again, knows when its VM has left. */
    private static final Duration POLL = Duration.ofMillis(200);

    private static final MemorySize MEMORY = MemorySize.parse("384M");
    private static final GuestWorkload WORKLOAD = new GuestWorkload(
            MemorySize.parse("240M"), MemorySize.parse("32M"), MemorySize.parse("8M"), Pattern.RANDOM, 0.9, 64, 0.2);

    private final Setting setting;
    private final Bandwidth destination;
    private final int times;

    /**
     * A fault at a moment.
     *
     * @param fault what goes wrong
     * @param after whether the source is free already
     */
    record Case(ScatterFault fault, boolean after) {

        String name() {
            return "%s-%s".formatted(fault, after ? "after" : "before");
        }

        private List<JsonNode> runs(JsonNode results) {
            List<JsonNode> runs = new ArrayList<>();
            results.path("runs").forEach(run -> {
                if (run.path("case").asText().equals(name())) {
                    runs.add(run);
                }
            });
            return runs;
        }
    }

    private static final List<Case> CASES = Arrays.stream(ScatterFault.values())
            .flatMap(fault -> Stream.of(new Case(fault, false), new Case(fault, true)))
            .toList();

    /**
     * @param destination rate of the link into the destination
     * @param times       how often each fault is caused at each moment
     */
    public ScatterFaultExperiment(Setting setting, Bandwidth destination, int times) {
        this.setting = setting;
        this.destination = destination;
        this.times = times;
    }

    /**
     * Causes faults until there are as many runs as wanted.
     *
     * @return whether all runs are in the file
     */
    public boolean run() throws InterruptedException {
        ObjectNode setup = Measurements.setup("scatter-faults").put("destination", destination.toString());
        Measurements<Case> measurements = new Measurements<>(
                setting,
                setup,
                results -> next(results, times),
                () -> MachineAccelerator.ofThisMachine().accelerator());
        return measurements.run((what, results) -> {
            ObjectNode run = migrate(what);
            results.withArray("runs").add(run);
            summarise(results);
            return "%s: %s".formatted(what.name(), words(run));
        });
    }

    /** The fault with the fewest runs; empty if each has been caused often enough. */
    static Optional<Case> next(JsonNode results, int times) {
        return CASES.stream()
                .min(Comparator.comparingInt(each -> each.runs(results).size()))
                .filter(each -> each.runs(results).size() < times);
    }

    private static void summarise(ObjectNode results) {
        int survived = 0;
        for (Case each : CASES) {
            List<JsonNode> runs = each.runs(results);
            int intact = (int)
                    runs.stream().filter(ScatterFaultExperiment::isSurvived).count();
            survived += intact;
            if (!runs.isEmpty()) {
                results.putObject(each.name()).put("survived", intact).put("of", runs.size());
            }
        }
        results.put("survived", survived).put("of", results.path("runs").size());
    }

    /** Whether the fault was caused, the VM runs on one host with all pages as the guest wrote them, and nothing of it is left on intermediaries. */
    static boolean isSurvived(JsonNode run) {
        return run.path("caused").asBoolean()
                && run.path("memory_intact").asBoolean()
                && run.path("hosts").asInt() == 1
                && run.path("left").asLong() == 0;
    }

    private static String words(ObjectNode run) {
        return isSurvived(run)
                ? "the VM runs on %s, memory intact".formatted(run.path("host").asText())
                : "not survived: %s".formatted(run.path("error").asText(run.toString()));
    }

    private ObjectNode migrate(Case what) throws InterruptedException {
        try (FreshLab fresh = FreshLab.withIntermediaries(setting, HOSTS, INTERMEDIARIES)) {
            Lab lab = fresh.lab();
            FaultScene scene = new FaultScene(lab, setting.link(), setting.cores(), setting.commands());
            String unused = setting.commands()
                    .run(LinkShape.withShortQueue(destination)
                            .inbound(lab.name(), scene.destination().name()));
            new LabVms(lab).start(scene.source(), VM, MEMORY, WORKLOAD, false);
            ObjectNode run = WireJson.mapper().createObjectNode().put("case", what.name());
            Culprit culprit = new Culprit(scene, what);
            try {
                record(run, migrate(lab, scene, culprit));
            } catch (LabException | HostDriverException e) {
                run.put("error", e.getMessage());
                if (what.fault() == ScatterFault.SOURCE_HOST_DRIVER_KILLED) {
                    awaitDeparture(lab, scene.source());
                }
            }
            run.put("caused", culprit.await());
            verify(run, lab);
            run.put("left", scene.left());
            return run;
        }
    }

    private static LabMigration.Result migrate(Lab lab, FaultScene scene, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        return new LabMigration(lab)
                .migrate(
                        new LabMigration.Request(
                                VM,
                                scene.destination().name(),
                                Technique.SCATTER_GATHER,
                                null,
                                null,
                                LIMIT,
                                null,
                                new ScatterOrder(null, INTERMEDIARIES, false)),
                        listener);
    }

    private static void record(ObjectNode run, LabMigration.Result result) {
        run.put("phase", result.status().phase().toString())
                .put("error", result.status().error());
        if (result.status().recovery() != null) {
            run.put("recovered", result.status().recovery().recovered());
        }
        if (result.status().outcome() != null) {
            run.put("scattered", result.status().outcome().gathering() != null);
            run.set(
                    "notes",
                    WireJson.mapper().valueToTree(result.status().outcome().notes()));
        }
    }

    /** Until the new host driver of the source has brought the migration to its end, or the time is over. */
    private static void awaitDeparture(Lab lab, LabHost source) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                if (lab.client(source).vms().stream().noneMatch(vm -> vm.name().equals(VM))) {
                    return;
                }
            } catch (HostDriverException e) {
                // It is starting.
                assert e != null;
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
    }

    private static void verify(ObjectNode run, Lab lab) {
        int hosts = 0;
        LabHost found = null;
        for (LabHost host : lab.hosts()) {
            if (lab.client(host).vms().stream().anyMatch(vm -> vm.name().equals(VM))) {
                hosts++;
                found = host;
            }
        }
        run.put("hosts", hosts);
        if (found == null) {
            return;
        }
        try {
            String guest = new LabVms(lab).verify(VM, found);
            run.put("host", found.name()).put("guest", guest).put("memory_intact", LabVms.isVerified(guest));
        } catch (LabException e) {
            run.put("guest", e.getMessage());
        }
    }

    /** Causes the fault once, at its moment, on a thread of its own. */
    private static final class Culprit implements Consumer<MigrationEvent> {

        private final FaultScene scene;
        private final Case what;
        private boolean inPostcopy;
        private CompletableFuture<Void> caused;

        Culprit(FaultScene scene, Case what) {
            this.scene = scene;
            this.what = what;
        }

        /** Before: at the second event in post-copy, when the destination has loaded the devices. */
        @Override
        public synchronized void accept(MigrationEvent event) {
            boolean before = inPostcopy
                    && event.phase() == Phase.POSTCOPY
                    && event.message().isEmpty();
            boolean now = what.after() ? event.message().startsWith("The source is free") : before;
            inPostcopy |= event.phase() == Phase.POSTCOPY;
            if (now && caused == null) {
                caused = CompletableFuture.runAsync(() -> scene.cause(what.fault()));
            }
        }

        synchronized boolean await() throws InterruptedException {
            if (caused == null) {
                return false;
            }
            try {
                caused.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                return true;
            } catch (ExecutionException | TimeoutException e) {
                throw new LabException("The fault was not caused: " + e.getMessage(), e);
            }
        }
    }
}
