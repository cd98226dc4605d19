package io.github.godwit.lab.experiment.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.experiment.FreshLab;
import io.github.godwit.lab.experiment.Measurements;
import io.github.godwit.lab.experiment.Setting;
import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.net.LinkCut;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Cuts the link in post-copy, and counts how often the migration is recovered with the guest's memory intact. Each cut has a lab of its
 * own: after a link dropped, its host driver uses no post-copy for an hour.
 */
public final class RecoveryExperiment {

    private static final int HOSTS = 2;
    private static final String VM = "cut";
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** A destination that has not loaded all devices yet ends: QEMU cannot recover that. */
    private static final Duration LOADS_DEVICES = Duration.ofSeconds(1);

    /** Cuts come later in post-copy by turns, so that they hit it at different places. */
    private static final Duration LATER = Duration.ofSeconds(1);

    private static final int TURNS = 5;

    /** On a link of 200 Mbit/s the pages of this guest follow for ten seconds. */
    private static final GuestWorkload WORKLOAD = new GuestWorkload(
            MemorySize.parse("256M"), MemorySize.parse("32M"), MemorySize.parse("8M"), Pattern.RANDOM, 0.9, 64, 0.2);

    private final Setting setting;
    private final Hypervisor hypervisor;
    private final Technique technique;
    private final int times;
    private final Duration down;

    /**
     * @param hypervisor what runs the VMs
     * @param technique  one with post-copy
     * @param times      number of cuts
     * @param down       how long the link is down
     */
    public RecoveryExperiment(Setting setting, Hypervisor hypervisor, Technique technique, int times, Duration down) {
        if (!technique.isPostCopy()) {
            throw new IllegalArgumentException(
                    "%s has no post-copy. Choose POST, PRE-POST or POST-PREEMPT.".formatted(technique));
        }
        this.setting = setting;
        this.hypervisor = hypervisor;
        this.technique = technique;
        this.times = times;
        this.down = down;
    }

    /**
     * Cuts until there are as many runs as wanted.
     *
     * @return whether all runs are in the file
     */
    public boolean run() throws InterruptedException {
        ObjectNode setup = Measurements.setup("recovery")
                .put("hypervisor", hypervisor.toString())
                .put("technique", technique.id())
                .put("down_s", down.toMillis() / 1e3);
        Measurements<Integer> measurements = new Measurements<>(
                setting,
                setup,
                results -> next(results, times),
                () -> MachineAccelerator.ofThisMachine().accelerator());
        return measurements.run((number, results) -> {
            ObjectNode run = cut(LOADS_DEVICES.plus(LATER.multipliedBy(number % TURNS)));
            results.withArray("runs").add(run);
            count(results);
            return "cut %d: %s".formatted(number + 1, words(run));
        });
    }

    /** The number of the next run; empty if there is none. */
    static Optional<Integer> next(JsonNode results, int times) {
        int runs = results.path("runs").size();
        return runs < times ? Optional.of(runs) : Optional.empty();
    }

    private static void count(ObjectNode results) {
        int recovered = 0;
        for (JsonNode run : results.path("runs")) {
            recovered += isRecovered(run) ? 1 : 0;
        }
        results.put("recovered", recovered).put("of", results.path("runs").size());
    }

    /** Whether a run ended as it should: recovered, on the destination, with all pages as the guest wrote them. */
    static boolean isRecovered(JsonNode run) {
        return run.path("phase").asText().equals("COMPLETED")
                && run.path("recovered").asInt() >= 1
                && run.path("memory_intact").asBoolean();
    }

    private static String words(ObjectNode run) {
        return isRecovered(run)
                ? "recovered after %.1f s (attempts: %d), memory intact"
                        .formatted(
                                run.path("paused_s").asDouble(),
                                run.path("attempts").asInt())
                : "not recovered: %s"
                        .formatted(run.path("error").asText(run.path("phase").asText()));
    }

    private ObjectNode cut(Duration later) throws InterruptedException {
        try (FreshLab fresh = FreshLab.up(setting, HOSTS, hypervisor)) {
            Lab lab = fresh.lab();
            new LabVms(lab).start(lab.hosts().get(0), VM, MemorySize.parse("384M"), WORKLOAD, false);
            Cutter cutter = new Cutter(lab, later);
            ObjectNode run = WireJson.mapper().createObjectNode().put("after_s", later.toMillis() / 1e3);
            try {
                LabMigration.Result result = new LabMigration(lab)
                        .migrate(
                                new LabMigration.Request(VM, lab.hosts().get(1).name(), technique, null, null, LIMIT),
                                cutter);
                cutter.await();
                record(run, result);
            } catch (LabException | HostDriverException e) {
                run.put("error", e.getMessage());
            }
            return run;
        }
    }

    private static void record(ObjectNode run, LabMigration.Result result) {
        PostcopyRecovery recovery = result.status().recovery();
        run.put("phase", result.status().phase().toString())
                .put("error", result.status().error())
                .put("memory_intact", result.guestVerified())
                .put("guest", result.guest());
        if (recovery != null) {
            run.put("breaks", recovery.breaks())
                    .put("recovered", recovery.recovered())
                    .put("attempts", recovery.attempts())
                    .put("paused_s", recovery.pausedMillis() / 1e3)
                    .put("reason", recovery.reason());
        }
        if (result.status().progress() != null) {
            run.put("total_s", result.status().progress().elapsedMillis() / 1e3);
        }
    }

    /** Cuts the destination's link on a thread of its own, once the VM runs there. */
    private final class Cutter implements Consumer<MigrationEvent> {

        private final Lab lab;
        private final Duration later;
        private CompletableFuture<Void> cut;

        Cutter(Lab lab, Duration later) {
            this.lab = lab;
            this.later = later;
        }

        @Override
        public synchronized void accept(MigrationEvent event) {
            if (event.phase() == Phase.POSTCOPY && cut == null) {
                cut = CompletableFuture.runAsync(this::cut);
            }
        }

        private void cut() {
            try {
                TimeUnit.MILLISECONDS.sleep(later.toMillis());
                try (LinkCut link =
                        new LinkCut(lab.name(), lab.hosts().get(1), lab.hosts().get(0), setting.commands())) {
                    link.hold(down);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        synchronized void await() throws InterruptedException {
            if (cut == null) {
                throw new LabException("The migration ended before its link was cut.");
            }
            try {
                cut.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new LabException("The link was not cut: " + e.getMessage(), e);
            }
        }
    }
}
