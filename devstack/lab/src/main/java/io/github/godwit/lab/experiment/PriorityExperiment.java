package io.github.godwit.lab.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.LabName;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.linux.LinuxAccelerator;
import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.lab.linux.LinuxVms;
import io.github.godwit.lab.linux.LinuxWorkload;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.run.TakenDownOnExit;
import io.github.godwit.lab.system.CommandRunner;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Measures the rows of tables 1 and 2 of [Thesis 2025]: two VMs with traffic leave a host, while there is traffic of other applications on
 * source and destination, by PRE, by POST, and by the traffic-aware rules.
 */
public final class PriorityExperiment {

    private static final int HOSTS = 2;
    private static final MemorySize MEMORY = MemorySize.ofMebibytes(160);

    /** The traffic of each VM is this part of the link. */
    private static final double VM_SHARE = 0.15;

    private static final Map<String, LinuxWorkload> GUESTS = Map.of(
            "in1", LinuxWorkload.IPERF_IN,
            "in2", LinuxWorkload.IPERF_IN,
            "out1", LinuxWorkload.IPERF_OUT,
            "out2", LinuxWorkload.IPERF_OUT);

    private final LabName name;
    private final CommandRunner commands;
    private final Consumer<String> progress;

    /**
     * @param name     the lab that the experiment creates and removes
     * @param commands runs {@code ip} and {@code tc}
     * @param progress receives progress messages for people
     */
    public PriorityExperiment(LabName name, CommandRunner commands, Consumer<String> progress) {
        this.name = name;
        this.commands = commands;
        this.progress = progress;
    }

    /**
     * Measures each row in turn, until each has been measured often enough.
     *
     * @param link  rate of each host's link
     * @param times measurements of each row
     * @param limit no measurement begins after this time
     * @param file  the results; what it has is not measured again
     * @return whether all measurements are in the file
     */
    public boolean run(Bandwidth link, int times, Duration limit, Path file) throws InterruptedException {
        ResultFile results = new ResultFile(
                file,
                WireJson.mapper()
                        .createObjectNode()
                        .put("experiment", "priority")
                        .put("link", link.toString()));
        long deadline = System.nanoTime() + limit.toNanos();
        Optional<PriorityRow> next = next(results, times);
        if (next.isEmpty()) {
            return true;
        }
        new LabDown(name, commands).down(); // what a killed run left
        Lab lab = new LabUp(name, commands, progress).up(HOSTS, link, 1, null);
        try (TakenDownOnExit exit = new TakenDownOnExit(new LabDown(name, commands))) {
            assert exit != null;
            PriorityMeasurement measurement = new PriorityMeasurement(lab, commands, start(lab));
            while (next.isPresent() && System.nanoTime() < deadline) {
                PriorityRow row = next.get();
                ObjectNode run = measurement.measure(row);
                row.add(results.content(), run);
                results.save();
                progress.accept("hosts %s, VMs %s, %s, %s: %s"
                        .formatted(row.direction(), row.vms(), row.urgency(), row.technique(), words(run)));
                next = next(results, times);
            }
            return next.isEmpty();
        }
    }

    private static Optional<PriorityRow> next(ResultFile results, int times) {
        List<PriorityRow> rows = PriorityRow.all();
        return Rounds.next(rows, row -> row.runs(results.content()), times);
    }

    private static String words(ObjectNode run) {
        return run.has("failed")
                ? run.path("failed").asText()
                : "%.1f s, downtime %.0f ms, the applications kept %.0f %%"
                        .formatted(
                                run.path("total_s").asDouble(),
                                run.path("downtime_ms").asDouble(),
                                100 * run.path("kept").asDouble());
    }

    /** Starts all VMs; those without a client have no traffic. */
    private static Map<String, LinuxGuest> start(Lab lab) {
        Accelerator accelerator = LinuxAccelerator.find().accelerator();
        String rate = Bandwidth.ofMegabits(Math.max(1, Math.round(lab.link().megabits() * VM_SHARE)))
                .toString();
        Map<String, LinuxGuest> guests = new LinkedHashMap<>();
        GUESTS.forEach((vm, workload) ->
                guests.put(vm, new LinuxVms(lab).start(lab.hosts().get(0), vm, MEMORY, workload, rate, accelerator)));
        return guests;
    }
}
