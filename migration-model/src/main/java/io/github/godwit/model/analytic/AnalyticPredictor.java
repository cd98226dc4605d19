package io.github.godwit.model.analytic;

import io.github.godwit.model.Checks;
import io.github.godwit.model.Metric;
import io.github.godwit.model.MigrationCase;
import io.github.godwit.model.PageContent;
import io.github.godwit.model.Prediction;
import io.github.godwit.model.Prediction.Basis;
import io.github.godwit.model.Prediction.Estimate;
import io.github.godwit.model.Predictor;
import io.github.godwit.model.Technique;
import java.util.EnumMap;
import java.util.Map;

/**
 * Predicts a migration by replaying QEMU's own rules on the VM's unique-dirty-pages curve. Needs no training; immutable and
 * safe for use by several threads.
 *
 * <p>It goes further than the strongest published predictor of this kind (notes B5), which covers pre-copy's total time:
 * the switchover threshold follows the measured bandwidth, and post-copy, throttling, delta and page compression are
 * replayed too, with all six metrics.
 */
public final class AnalyticPredictor implements Predictor {

    private final MigrationCosts costs;

    /** With the costs that were fitted in the lab. */
    public AnalyticPredictor() {
        this(MigrationCosts.LAB);
    }

    /** With the costs of another kind of host. */
    public AnalyticPredictor(MigrationCosts costs) {
        this.costs = Checks.present("costs", costs);
    }

    @Override
    public Prediction predict(MigrationCase migration, Technique technique) {
        Tally tally = technique.isPostCopy()
                ? new PostCopySimulation(migration, technique, costs).run()
                : new PreCopySimulation(migration, technique, costs).run();
        double kept = tally.seconds == 0 ? 1 : tally.guestSeconds / tally.seconds;
        double performance = Math.min(1, kept * tally.seconds / (tally.seconds + costs.arrivalSeconds()));
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        put(estimates, Metric.TT, tally.seconds * 1e3, 1e-3);
        put(estimates, Metric.DT, tally.downtimeSeconds * 1e3, 1e-3);
        put(estimates, Metric.TD, tally.wireBytes / 1e6, 1e-6);
        put(estimates, Metric.PERF, performance, 0);
        put(estimates, Metric.CPU, cpuPercent(tally, Math.min(1, kept), migration, technique), 0);
        put(estimates, Metric.MEM, tally.memoryBytes / 1e6, 0);
        return new Prediction(estimates, tally.converges, basis(migration));
    }

    /** Without a dirty curve and a look at its pages, nothing is known of a VM but its size. */
    private static Basis basis(MigrationCase migration) {
        boolean unseen = migration.vm().dirtyCurve().points().isEmpty()
                && migration.vm().content().equals(PageContent.UNKNOWN);
        return unseen ? Basis.UNSURE : Basis.SIMULATED;
    }

    /** QEMU's CPU time on the source above what the VM took there before, in percent of one core. */
    private static double cpuPercent(Tally tally, double performance, MigrationCase migration, Technique technique) {
        double vcpus = migration.vm().vcpuUse();
        double kept = technique.isPostCopy() ? tally.secondsOnSource / tally.seconds : performance;
        return 100 * ((tally.cpuSeconds + tally.faultSeconds) / tally.seconds - vcpus * (1 - kept));
    }

    private static void put(Map<Metric, Estimate> estimates, Metric metric, double value, double least) {
        double spread = TypicalError.of(metric);
        double margin = Math.max(Math.abs(value) * spread, least);
        estimates.put(metric, new Estimate(value, value - margin, value + margin));
    }
}
