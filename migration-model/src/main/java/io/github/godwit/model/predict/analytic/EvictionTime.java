package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.Prediction.Eviction;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;

/**
 * Adds to a simulated post-copy when the source is free by SCATTER-GATHER: when each copy of its pages has left over the source's own link,
 * however slow the destination is, unless the intermediaries are slower still. The migration ends no earlier than that.
 */
final class EvictionTime {

    /** From the last page until the source's QEMU knows that it may end: the median of the lab's migrations. */
    private static final double LAST_SECONDS = 0.1;

    private EvictionTime() {}

    static void add(
            MigrationCase migration,
            MigrationCosts costs,
            SimulatedOutcome outcome,
            Technique technique,
            PredictionTable into) {
        if (!technique.traits().scattering() || migration.scattering() == null) {
            return;
        }
        int copies = migration.scattering().copies();
        double seconds = outcome.secondsOnSource
                + costs.postcopySwitchSeconds()
                + outcome.wireBytes / rate(migration, costs)
                + LAST_SECONDS;
        double error = TypicalError.of(Metric.TOTAL_TIME);
        double millis = seconds * 1e3;
        into.evict(
                technique,
                new Eviction(
                        new Estimate(millis, millis * (1 - error), millis * (1 + error)),
                        copies * outcome.wireBytes / 1e6));
        into.set(
                technique,
                Metric.TOTAL_TIME,
                Math.max(millis, into.value(technique, Metric.TOTAL_TIME)),
                Math.max(millis * (1 - error), into.low(technique, Metric.TOTAL_TIME)),
                Math.max(millis * (1 + error), into.high(technique, Metric.TOTAL_TIME)));
    }

    /** Bytes of pages per second, each of which leaves as many times as there are copies. */
    private static double rate(MigrationCase migration, MigrationCosts costs) {
        Bandwidth link = migration.source().link();
        Bandwidth free = link.minus(migration.source().traffic().out());
        Bandwidth evenShare = new Bandwidth(link.bitsPerSecond() / 2);
        double leaves = (free.compareTo(evenShare) > 0 ? free : evenShare).bytesPerSecond();
        Bandwidth ingress = migration.scattering().ingress();
        double wire = ingress == null ? leaves : Math.min(leaves, ingress.bytesPerSecond());
        return Math.max(
                1,
                Math.min(
                        wire * costs.wireEfficiency() / migration.scattering().copies(),
                        migration.tuning().postcopyBandwidth().bytesPerSecond()));
    }
}
