package io.github.godwit.training.data;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The SoCC 2017 dataset: sizes in MB, CPU in percent of one core, times in ms, transferred data in kB. The link is Gigabit
 * Ethernet; the dataset has no traffic.
 */
final class Socc17Rows implements PublishedRows.Reader {

    private static final List<Technique> CAPABILITIES =
            List.of(Technique.PRE_COPY, Technique.AUTO_CONVERGE, Technique.XBZRLE, Technique.ZLIB, Technique.POST_COPY);
    private static final List<String> WORKLOADS =
            List.of("idle", "synthetic", "specweb", "oltpbench", "memcached", "dacapo", "parsec", "bzip", "mplayer");
    private static final double MEBIBYTES_PER_MB = 1e6 / (1 << 20);
    private static final double PERCENT = 100;

    @Override
    public Optional<DatasetRow> row(PublishedRows.Line line) {
        double memory = line.number("VM_size") * MEBIBYTES_PER_MB;
        double workingSet = line.number("VM_wss") * MEBIBYTES_PER_MB;
        double sourceFree = line.number("src_cpu_avail") / PERCENT;
        double destinationFree = line.number("dst_cpu_avail") / PERCENT;
        double cores = Math.max(1, Math.ceil(Math.max(sourceFree, destinationFree)));
        ForeignCase migration = new ForeignCase(
                memory,
                1,
                memory,
                line.number("VM_pdr") * MEBIBYTES_PER_MB,
                Math.min(workingSet, memory),
                Math.max(0, Math.min(1, line.number("VM_wse"))),
                0.5,
                cores,
                1 - sourceFree / cores,
                1 - destinationFree / cores,
                Bandwidth.ofMegabits(1000),
                MigrationTuning.UNLIMITED);
        Map<Metric, Double> measured = Map.of(
                Metric.TOTAL_TIME, line.number("qemu_tt"),
                Metric.DOWNTIME, line.number("qemu_dt"),
                Metric.TRANSFERRED_DATA, line.number("qemu_td") / 1000,
                Metric.PERFORMANCE, line.number("performance"),
                Metric.CPU, line.number("used_cpu_src"),
                Metric.MEMORY, line.number("used_mem_src"));
        return Optional.of(migration.row(
                "socc17-" + line.number(),
                listed(WORKLOADS, line, "workload_type"),
                listed(CAPABILITIES, line, "capability"),
                measured));
    }

    /** Reads a column that contains the index of a name. */
    private static <T> T listed(List<T> names, PublishedRows.Line line, String column) {
        double index = line.number(column);
        if (index < 0 || index >= names.size() || index != Math.rint(index)) {
            throw new IllegalArgumentException("The %s of line %d (%s) must be a whole number from 0 to %d."
                    .formatted(column, line.number(), line.text(column), names.size() - 1));
        }
        return names.get((int) index);
    }
}
