package io.github.godwit.training.data;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Real PostgreSQL VMs under YCSB with 8 GiB and four vCPUs, migrated over loopback with QEMU's default {@code max-bandwidth};
 * see {@code training/data/qemu-postgres}. Runs that switch to post-copy at a set time and stop-and-copy runs are skipped, because
 * Godwit has no such techniques.
 */
final class PostgresRows implements PublishedRows.Reader {

    private static final Bandwidth LOOPBACK = Bandwidth.parse("20gbit");

    /** QEMU's default, 128 MiB/s. */
    private static final Bandwidth DEFAULT_MAX_BANDWIDTH = new Bandwidth((128L * 8) << 20);

    private static final int VCPUS = 4;
    private static final double CORES = 8;
    private static final double LOAD = 0.3;

    /** Databases update small records everywhere in a cache that does not compress well. */
    private static final double ENTROPY = 0.6;

    private static final double MEGABYTES_PER_GIB = 1073.741824;

    @Override
    public Optional<DatasetRow> row(PublishedRows.Line line) {
        Optional<Technique> technique = technique(line);
        if (technique.isEmpty()
                || !line.text("valid_primary").equalsIgnoreCase("true")
                || !line.text("migration_completed").equalsIgnoreCase("true")) {
            return Optional.empty();
        }
        double resident = line.optional("rss_t0_mib").orElse(line.number("guest_memory_gib") * 1024);
        double dirty = line.optional("median_active_dirty_mib_s").orElse(0.0);
        boolean postCopy = technique.get().isPostCopy();
        ForeignCase migration = new ForeignCase(
                line.number("guest_memory_gib") * 1024,
                VCPUS,
                resident,
                dirty,
                resident / 2,
                ENTROPY,
                VCPUS / 2.0,
                CORES,
                LOAD,
                LOAD,
                LOOPBACK,
                postCopy ? LOOPBACK : DEFAULT_MAX_BANDWIDTH);
        Map<Metric, Double> measured = new EnumMap<>(Metric.class);
        measured.put(Metric.TOTAL_TIME, 1000 * line.number("migration_duration_qmp_s"));
        measured.put(Metric.DOWNTIME, line.number("migration_downtime_ms"));
        measured.put(Metric.TRANSFERRED_DATA, MEGABYTES_PER_GIB * line.number("total_transferred_gib"));
        line.optional("during_throughput_ops_s")
                .ifPresent(during -> line.optional("pre_throughput_ops_s")
                        .filter(before -> before > 0)
                        .ifPresent(before -> measured.put(Metric.PERFORMANCE, during / before)));
        String id = "postgres-%s-%s".formatted(line.text("scenario"), line.text("run"));
        return Optional.of(migration.row(id, "postgres", technique.get(), measured));
    }

    private static Optional<Technique> technique(PublishedRows.Line line) {
        String scenario = line.text("scenario");
        if (!line.text("kind").equals("migration")) {
            return Optional.empty();
        } else if (scenario.startsWith("Precopy")) {
            return Optional.of(Technique.PRE_COPY);
        } else if (scenario.startsWith("Autoconverge")) {
            return Optional.of(Technique.AUTO_CONVERGE);
        } else if (scenario.startsWith("Postcopy") && !scenario.contains("Late")) {
            return Optional.of(Technique.POST_COPY);
        }
        return Optional.empty();
    }
}
