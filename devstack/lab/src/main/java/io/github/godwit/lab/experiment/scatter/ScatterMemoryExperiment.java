package io.github.godwit.lab.experiment.scatter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.experiment.FreshLab;
import io.github.godwit.lab.experiment.Measurements;
import io.github.godwit.lab.experiment.Setting;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.guest.HypervisorVms;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.LabIntermediary;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Migrates VMs to and fro by scatter-gather, and has their guests check their memory after each migration. Damage by one migration fails the next ones of
 * that VM too, so a VM whose memory is not intact is started anew.
 */
public final class ScatterMemoryExperiment {

    private static final int HOSTS = 2;
    private static final int MOST_INTERMEDIARIES = 3;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final List<ScatterGuest> GUESTS = List.of(
            ScatterGuest.writing(Pattern.RANDOM),
            ScatterGuest.writing(Pattern.SEQ),
            ScatterGuest.writing(Pattern.HOTSPOT),
            ScatterGuest.linux());

    private final Setting setting;
    private final MemorySize memory;
    private final int times;
    private final Set<String> started = new HashSet<>();

    /**
     * A migration.
     *
     * @param guest          what the VM runs
     * @param intermediaries number of intermediaries
     * @param copies         on how many of them each page is stored
     * @param zstd           whether pages are compressed
     */
    record Case(ScatterGuest guest, int intermediaries, int copies, boolean zstd) {

        /** The migration with this number: guests take turns, and each guest has the other choices in turn. */
        static Case of(int number) {
            int turn = number / GUESTS.size();
            int intermediaries = 1 + turn % MOST_INTERMEDIARIES;
            int copies = 1 + turn / MOST_INTERMEDIARIES % Math.min(2, intermediaries);
            boolean zstd = turn / (2 * MOST_INTERMEDIARIES) % 2 == 1;
            return new Case(GUESTS.get(number % GUESTS.size()), intermediaries, copies, zstd);
        }

        private String vm() {
            return guest.name().toLowerCase(Locale.ROOT);
        }

        private ScatterOrder order(Lab lab) {
            return new ScatterOrder(
                    lab.intermediaries().stream()
                            .limit(intermediaries)
                            .map(LabIntermediary::store)
                            .toList(),
                    copies,
                    zstd);
        }
    }

    /**
     * @param memory memory of each VM
     * @param times  number of migrations
     */
    public ScatterMemoryExperiment(Setting setting, MemorySize memory, int times) {
        this.setting = setting;
        this.memory = memory;
        this.times = times;
    }

    /**
     * Migrates until there are as many runs as wanted.
     *
     * @return whether all runs are in the file
     */
    public boolean run() throws InterruptedException {
        ObjectNode setup = Measurements.setup("scatter-memory").put("memory", memory.toString());
        Measurements<Case> measurements = new Measurements<>(
                setting,
                setup,
                results -> next(results, times),
                () -> MachineAccelerator.ofThisMachine().accelerator());
        try (FreshLab fresh = FreshLab.withIntermediaries(setting, HOSTS, MOST_INTERMEDIARIES)) {
            return measurements.run((what, results) -> {
                ObjectNode run = migrate(fresh.lab(), what);
                results.withArray("runs").add(run);
                count(results);
                return words(run);
            });
        }
    }

    /** The next migration; empty if there have been enough. */
    static Optional<Case> next(JsonNode results, int times) {
        int runs = results.path("runs").size();
        return runs < times ? Optional.of(Case.of(runs)) : Optional.empty();
    }

    static void count(ObjectNode results) {
        results.remove(GUESTS.stream().map(ScatterGuest::name).toList());
        int intact = 0;
        for (JsonNode run : results.path("runs")) {
            ObjectNode guest = results.withObject("/" + run.path("guest").asText());
            boolean well = isIntact(run);
            guest.put("intact", guest.path("intact").asInt() + (well ? 1 : 0))
                    .put("of", guest.path("of").asInt() + 1);
            intact += well ? 1 : 0;
        }
        results.put("intact", intact).put("of", results.path("runs").size());
    }

    /** Whether pages waited on intermediaries, and all are as the guest wrote them. */
    static boolean isIntact(JsonNode run) {
        return run.path("scattered").asBoolean() && run.path("memory_intact").asBoolean();
    }

    private static String words(ObjectNode run) {
        return "%s, intermediaries: %d, copies: %d%s: %s"
                .formatted(
                        run.path("guest").asText(),
                        run.path("intermediaries").asInt(),
                        run.path("copies").asInt(),
                        run.path("zstd").asBoolean() ? ", zstd" : "",
                        isIntact(run)
                                ? "memory intact"
                                : run.path("error").asText(run.path("answer").asText()));
    }

    private ObjectNode migrate(Lab lab, Case what) throws InterruptedException {
        String vm = what.vm();
        ObjectNode run = WireJson.mapper()
                .createObjectNode()
                .put("guest", what.guest().name())
                .put("accelerator", what.guest().accelerator().name())
                .put("intermediaries", what.intermediaries())
                .put("copies", what.copies())
                .put("zstd", what.zstd());
        try {
            if (started.add(vm)) {
                what.guest().start(lab, lab.hosts().get(0), vm, memory);
            }
            record(run, move(lab, what));
        } catch (LabException | HostDriverException e) {
            run.put("error", e.getMessage());
        }
        if (!isIntact(run)) {
            startAnewNextTime(lab, vm);
        }
        return run;
    }

    private static LabMigration.Result move(Lab lab, Case what) throws InterruptedException {
        boolean onFirst = lab.hostOf(what.vm()).equals(lab.hosts().get(0));
        LabHost destination = lab.hosts().get(onFirst ? 1 : 0);
        return new LabMigration(lab)
                .migrate(
                        new LabMigration.Request(
                                what.vm(),
                                destination.name(),
                                Technique.SCATTER_GATHER,
                                null,
                                null,
                                LIMIT,
                                null,
                                what.order(lab)),
                        event -> {});
    }

    private static void record(ObjectNode run, LabMigration.Result result) {
        run.put("memory_intact", result.guestVerified()).put("answer", result.guest());
        if (result.status().outcome() == null) {
            run.put("error", result.status().error());
        } else {
            run.put("scattered", result.status().outcome().gathering() != null);
        }
    }

    private void startAnewNextTime(Lab lab, String vm) {
        started.remove(vm);
        for (LabHost host : lab.hosts()) {
            try {
                if (lab.client(host).vms().stream().anyMatch(each -> each.name().equals(vm))) {
                    new HypervisorVms(lab).stop(host, vm);
                }
            } catch (LabException | HostDriverException e) {
                setting.progress().accept("%s cannot be stopped on %s: %s".formatted(vm, host.name(), e.getMessage()));
            }
        }
    }
}
