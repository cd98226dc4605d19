package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.Prediction.Eviction;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.TablePredictor;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.MemorySize;
import java.util.Collection;
import java.util.function.Function;

/**
 * Adds the disks that are copied to what another predictor predicts for the memory. libvirt copies them over NBD before the memory, with
 * QEMU's {@code blockdev-mirror} (libvirt, src/qemu/qemu_migration.c, {@code qemuMigrationSrcNBDStorageCopy}), while the VM runs at full
 * speed. Total time, transferred data and CPU use grow, the downtime does not. The time limit is one for the memory.
 *
 * <p>Its constants are not fitted: a page of a disk costs the CPU what a page of memory does, and the interval is a rule of thumb. What
 * the VM writes to its disks meanwhile is copied again, so the interval is wider upwards.
 *
 * <p>A case without disks is passed to the other predictor, and its prediction stays as it is.
 */
public final class DiskCopyPredictor implements TablePredictor {

    private static final double SHORTEST = 0.8;
    private static final double LONGEST = 1.5;

    private final Predictor memory;
    private final Function<Accelerator, MigrationCosts> costsOf;

    /**
     * Uses the costs that were fitted in the lab.
     *
     * @param memory predicts the migration of the memory
     */
    public DiskCopyPredictor(Predictor memory) {
        this(memory, MigrationCosts::of);
    }

    DiskCopyPredictor(Predictor memory, Function<Accelerator, MigrationCosts> costsOf) {
        this.memory = Checks.present("predictor", memory);
        this.costsOf = costsOf;
    }

    /** Bytes per second: the link's, or those that the operator permits; at least one, so that the result is finite. */
    private static double rate(MigrationCase migration, MigrationCosts costs) {
        double link = migration.link().expected().bytesPerSecond() * costs.wireEfficiency();
        return Math.max(1, Math.min(link, migration.tuning().maxBandwidth().bytesPerSecond()));
    }

    @Override
    public void predict(MigrationCase migration, Collection<Technique> techniques, PredictionTable into) {
        memory.predict(migration, techniques, into);
        if (migration.diskBytes() == 0) {
            return;
        }
        MigrationCosts costs = costsOf.apply(migration.vm().accelerator());
        double seconds = migration.diskBytes() / rate(migration, costs);
        double pages = migration.diskBytes() / (double) MemorySize.PAGE_BYTES;
        double cpuPercent = 100 * pages * costs.sendSecondsPerPage() / seconds;
        for (Technique technique : techniques) {
            double share = share(into.value(technique, Metric.TOTAL_TIME) / 1e3, seconds);
            average(into, technique, Metric.PERFORMANCE, share, 1);
            average(into, technique, Metric.CPU, share, cpuPercent);
            add(into, technique, Metric.TOTAL_TIME, seconds * 1e3);
            add(into, technique, Metric.TRANSFERRED_DATA, migration.diskBytes() / 1e6);
            if (into.eviction(technique) != null) {
                into.evict(technique, later(into.eviction(technique), seconds * 1e3));
            }
        }
    }

    /** The share of the time in which disks are copied. */
    private static double share(double memorySeconds, double diskSeconds) {
        return diskSeconds / (memorySeconds + diskSeconds);
    }

    private static void add(PredictionTable into, Technique technique, Metric metric, double more) {
        into.set(
                technique,
                metric,
                into.value(technique, metric) + more,
                into.low(technique, metric) + SHORTEST * more,
                into.high(technique, metric) + LONGEST * more);
    }

    private static Eviction later(Eviction eviction, double more) {
        Estimate millis = eviction.millis();
        return new Eviction(
                new Estimate(millis.value() + more, millis.low() + SHORTEST * more, millis.high() + LONGEST * more),
                eviction.heldMegabytes());
    }

    private static void average(
            PredictionTable into, Technique technique, Metric metric, double share, double meanwhile) {
        into.set(
                technique,
                metric,
                mixed(into.value(technique, metric), share, meanwhile),
                mixed(into.low(technique, metric), share, meanwhile),
                mixed(into.high(technique, metric), share, meanwhile));
    }

    private static double mixed(double before, double share, double meanwhile) {
        return before + share * (meanwhile - before);
    }
}
