package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.predict.TablePredictor;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Checks;
import java.util.Collection;
import java.util.function.Function;

/**
 * Predicts a migration by replaying QEMU's own rules on the VM's unique-dirty-pages curve. Needs no training; immutable and
 * safe for use by several threads.
 *
 * <p>It goes further than the strongest published predictor of this kind (notes B5), which covers pre-copy's total time:
 * the switchover threshold follows the measured bandwidth, and post-copy, throttling, delta and page compression are
 * replayed too, with all six metrics.
 */
public final class AnalyticPredictor implements TablePredictor {

    private static final double WRONGLY_ENDLESS = 0.19;
    private static final double SURE_SHARE = 0.1;

    private final Function<Accelerator, MigrationCosts> costsOf;

    /** With the costs that were fitted in the lab, each accelerator's own. */
    public AnalyticPredictor() {
        this(MigrationCosts::of);
    }

    /** With the costs of another kind of host, whatever runs its guests. */
    public AnalyticPredictor(MigrationCosts costs) {
        this(any -> costs);
        Checks.present("costs", costs);
    }

    /**
     * With the costs of other kinds of hosts.
     *
     * @param costsOf the costs where an accelerator runs the guest
     */
    public AnalyticPredictor(Function<Accelerator, MigrationCosts> costsOf) {
        this.costsOf = Checks.present("costs", costsOf);
    }

    @Override
    public void predict(MigrationCase migration, Collection<Technique> techniques, PredictionTable into) {
        into.clear();
        MigrationCosts costs = costsOf.apply(migration.vm().accelerator());
        Tally tally = new Tally();
        PreCopySimulation preCopy = new PreCopySimulation(migration, costs, tally);
        PostCopySimulation postCopy = new PostCopySimulation(migration, costs, preCopy, tally);
        Basis basis = basis(migration);
        for (Technique technique : techniques) {
            if (technique.isPostCopy()) {
                postCopy.run(technique);
            } else {
                preCopy.run(technique);
            }
            report(tally, migration, costs, technique, into);
            into.complete(technique, endProbability(tally, migration, technique), basis);
        }
    }

    /**
     * How likely a migration ends in time that the simulation says does, by how much of its time limit it is said to take, and
     * one that it says does not. Read off the lab's migrations: up to a tenth of the limit all of 581 ended, from a third to half of it
     * 91 % of 317, close to it two thirds, and of those that were said not to end 19 % of 853. Post-copy does not depend on what
     * the VM writes: all of 2,047 ended.
     */
    private static double endProbability(Tally tally, MigrationCase migration, Technique technique) {
        if (!tally.converges) {
            return WRONGLY_ENDLESS;
        }
        if (technique.isPostCopy()) {
            return 1;
        }
        double limitSeconds = migration.tuning().timeLimit().toMillis() / 1e3;
        double share = Math.max(0, (tally.seconds / limitSeconds - SURE_SHARE) / (1 - SURE_SHARE));
        return 1 - Math.min(1, share * Math.sqrt(share)) / 2;
    }

    private static void report(
            Tally tally, MigrationCase migration, MigrationCosts costs, Technique technique, PredictionTable into) {
        double kept = tally.seconds == 0 ? 1 : tally.guestSeconds / tally.seconds;
        double performance = Math.min(1, kept * tally.seconds / (tally.seconds + costs.arrivalSeconds()));
        set(into, technique, Metric.TOTAL_TIME, tally.seconds * 1e3, 1e-3);
        set(into, technique, Metric.DOWNTIME, tally.downtimeSeconds * 1e3, 1e-3);
        set(into, technique, Metric.TRANSFERRED_DATA, tally.wireBytes / 1e6, 1e-6);
        set(into, technique, Metric.PERFORMANCE, performance, 0);
        set(into, technique, Metric.CPU, cpuPercent(tally, Math.min(1, kept), migration, technique), 0);
        set(into, technique, Metric.MEMORY, tally.memoryBytes / 1e6, 0);
    }

    /** Of a VM of which nothing was measured, or neither its writes nor its pages by any figure, nothing is known but its size. */
    private static Basis basis(MigrationCase migration) {
        VmProfile vm = migration.vm();
        boolean unseen = vm.dirtyCurve().points().isEmpty() && vm.content().equals(PageContent.UNKNOWN);
        return unseen || vm.nothingMeasured() ? Basis.UNSURE : Basis.SIMULATED;
    }

    /** QEMU's CPU time on the source above what the VM took there before, in percent of one core. */
    private static double cpuPercent(Tally tally, double performance, MigrationCase migration, Technique technique) {
        double vcpus = migration.vm().vcpuUse();
        double kept = technique.isPostCopy() ? tally.secondsOnSource / tally.seconds : performance;
        return 100 * ((tally.cpuSeconds + tally.faultSeconds) / tally.seconds - vcpus * (1 - kept));
    }

    private static void set(PredictionTable into, Technique technique, Metric metric, double value, double least) {
        double margin = Math.max(Math.abs(value) * TypicalError.of(metric), least);
        into.set(technique, metric, value, value - margin, value + margin);
    }
}
