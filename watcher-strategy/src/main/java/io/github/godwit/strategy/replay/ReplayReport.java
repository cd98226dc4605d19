package io.github.godwit.strategy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.Texts;
import java.util.ArrayList;
import java.util.List;

/**
 * The results of a replay.
 *
 * @param simulation  always true: hosts and migrations are simulated, only the load is recorded
 * @param vms         number of VMs
 * @param days        days of load
 * @param stepSeconds length of a step
 * @param meanCores   cores that all VMs use on average
 * @param mostCores   cores that all VMs use at most
 * @param size        the hosts
 * @param results     what each contender did
 * @param comparisons Godwit against the baselines
 */
public record ReplayReport(
        boolean simulation,
        int vms,
        double days,
        long stepSeconds,
        double meanCores,
        double mostCores,
        ClusterSize size,
        List<ReplayResult> results,
        List<Comparison> comparisons) {

    /** Copies the lists. */
    public ReplayReport {
        results = List.copyOf(results);
        comparisons = List.copyOf(comparisons);
    }

    /** Returns the report as JSON. */
    public JsonNode json() {
        return Texts.mapper().valueToTree(this);
    }

    /** Returns the report as text. */
    public String table() {
        List<String> lines = new ArrayList<>();
        lines.add("SIMULATION on recorded load: %d VMs, %.1f days in steps of %d s; %d hosts with %d cores and %d GiB."
                .formatted(vms, days, stepSeconds, size.hosts(), size.cores(), size.memoryGib()));
        lines.add("The VMs use %.0f cores on average and %.0f at most, %.0f %% and %.0f %% of all hosts."
                .formatted(meanCores, mostCores, percent(meanCores), percent(mostCores)));
        lines.add("");
        lines.add("%-26s %7s %9s %8s %8s %9s %11s %6s %8s"
                .formatted(
                        "decided by",
                        "moves",
                        "a VM, day",
                        "undone",
                        "undone",
                        "hot",
                        "overloaded",
                        "hosts",
                        "refused"));
        lines.add("%-26s %7s %9s %8s %8s %9s %11s %6s %8s"
                .formatted("", "", "", "in 30 m", "in 120 m", "minutes", "minutes", "used", "moves"));
        for (ReplayResult each : results) {
            lines.add("%-26s %7d %9.3f %8d %8d %9.0f %11.0f %6.1f %8d"
                    .formatted(
                            each.name(),
                            each.moves(),
                            each.movesPerVmAndDay(),
                            each.undoneIn30Minutes(),
                            each.undoneIn2Hours(),
                            each.hotMinutes(),
                            each.overloadedMinutes(),
                            each.usedHosts(),
                            each.refused()));
        }
        lines.add("");
        lines.add(
                "At most half of the moves of a baseline, at no more hot minutes, and nothing undone in 120 minutes:");
        for (Comparison each : comparisons) {
            lines.add("  %-3s  %s against %s: %s of its moves, %s of its hot minutes"
                    .formatted(
                            each.met() ? "yes" : "no",
                            each.godwit(),
                            each.baseline(),
                            share(each.movesRatio()),
                            share(each.hotRatio())));
        }
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    private double percent(double cores) {
        return 100 * cores / (size.hosts() * size.cores());
    }

    private static String share(Double ratio) {
        return ratio == null ? "more (it had none)" : "%.0f %%".formatted(100 * ratio);
    }
}
