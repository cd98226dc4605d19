package io.github.godwit.lab.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.linux.LinuxAccelerator;
import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.lab.linux.LinuxVms;
import io.github.godwit.lab.linux.LinuxWorkload;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    private final Setting setting;
    private final int times;

    /**
     * @param times measurements of each row
     */
    public PriorityExperiment(Setting setting, int times) {
        this.setting = setting;
        this.times = times;
    }

    /**
     * Measures each row in turn, until each has been measured often enough.
     *
     * @return whether all measurements are in the file
     */
    public boolean run() throws InterruptedException {
        List<PriorityRow> rows = PriorityRow.all();
        Measurements<PriorityRow> measurements = new Measurements<>(
                setting, Measurements.setup("priority"), results -> Rounds.next(rows, row -> row.runs(results), times));
        if (measurements.complete()) {
            return true;
        }
        try (FreshLab fresh = FreshLab.up(setting, HOSTS)) {
            PriorityMeasurement measurement = new PriorityMeasurement(fresh.lab(), setting, start(fresh.lab()));
            return measurements.run((row, results) -> {
                ObjectNode run = measurement.measure(row);
                row.add(results, run);
                return "hosts %s, VMs %s, %s, %s: %s"
                        .formatted(row.direction(), row.vms(), row.urgency(), row.technique(), words(run));
            });
        }
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
