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
 * Predicts a migration by replaying QEMU's migration algorithm on the VM's unique-dirty-pages curve. Needs no training.
 * Immutable and safe for use by several threads.
 *
 * <p>It predicts all six metrics for pre-copy, post-copy, throttling, delta compression and page compression.
 * docs/prediction.md describes what it replays.
 */
public final class AnalyticPredictor implements TablePredictor {

    private static final double WRONGLY_ENDLESS = 0.19;
    private static final double SURE_SHARE = 0.1;

    private final Function<Accelerator, MigrationCosts> costsOf;

    /** Uses the costs that were fitted in the lab for each accelerator. */
    public AnalyticPredictor() {
        this(MigrationCosts::of);
    }

    /** Uses the same costs for all accelerators. */
    public AnalyticPredictor(MigrationCosts costs) {
        this(any -> costs);
        Checks.present("costs", costs);
    }

    /**
     * Uses the given costs.
     *
     * @param costsOf returns the costs for guests of an accelerator
     */
    public AnalyticPredictor(Function<Accelerator, MigrationCosts> costsOf) {
        this.costsOf = Checks.present("costs", costsOf);
    }

    @Override
    public void predict(MigrationCase migration, Collection<Technique> techniques, PredictionTable into) {
        into.clear();
        MigrationCosts costs = costsOf.apply(migration.vm().accelerator());
        SimulatedOutcome outcome = new SimulatedOutcome();
        PreCopySimulation preCopy = new PreCopySimulation(migration, costs, outcome);
        PostCopySimulation postCopy = new PostCopySimulation(migration, costs, preCopy, outcome);
        Basis basis = basis(migration);
        for (Technique technique : techniques) {
            if (technique.isPostCopy()) {
                postCopy.run(technique);
            } else {
                preCopy.run(technique);
            }
            report(outcome, migration, costs, technique, into);
            into.complete(technique, endProbability(outcome, migration, technique), basis);
            EvictionTime.add(migration, costs, outcome, technique, into);
        }
    }

    /**
     * Probability that a migration completes within its time limit, given the simulated time. It follows the lab's
     * migrations: of those predicted to take up to a tenth of the limit all 581 completed; from a third to half of it,
     * 91 % of 317; close to it, two thirds. Of those predicted not to complete, 19 % of 853 did. Post-copy does not
     * depend on what the VM writes: all 2,047 completed.
     */
    private static double endProbability(SimulatedOutcome outcome, MigrationCase migration, Technique technique) {
        if (!outcome.converges) {
            return WRONGLY_ENDLESS;
        }
        if (technique.isPostCopy()) {
            return 1;
        }
        double limitSeconds = migration.tuning().timeLimit().toMillis() / 1e3;
        double share = Math.max(0, (outcome.seconds / limitSeconds - SURE_SHARE) / (1 - SURE_SHARE));
        return 1 - Math.min(1, share * Math.sqrt(share)) / 2;
    }

    private static void report(
            SimulatedOutcome outcome,
            MigrationCase migration,
            MigrationCosts costs,
            Technique technique,
            PredictionTable into) {
        double kept = outcome.seconds == 0 ? 1 : outcome.guestSeconds / outcome.seconds;
        double performance = Math.min(1, kept * outcome.seconds / (outcome.seconds + costs.arrivalSeconds()));
        set(into, technique, Metric.TOTAL_TIME, outcome.seconds * 1e3, 1e-3);
        set(into, technique, Metric.DOWNTIME, outcome.downtimeSeconds * 1e3, 1e-3);
        set(into, technique, Metric.TRANSFERRED_DATA, outcome.wireBytes / 1e6, 1e-6);
        set(into, technique, Metric.PERFORMANCE, performance, 0);
        set(into, technique, Metric.CPU, cpuPercent(outcome, Math.min(1, kept), migration, technique), 0);
        set(into, technique, Metric.MEMORY, outcome.memoryBytes / 1e6, 0);
    }

    /** Unsure if nothing was measured, or neither the writes nor the content of the pages: then only the size of the VM is known. */
    private static Basis basis(MigrationCase migration) {
        VmProfile vm = migration.vm();
        boolean unseen = vm.dirtyCurve().points().isEmpty() && vm.content().equals(PageContent.UNKNOWN);
        return unseen || vm.nothingMeasured() ? Basis.UNSURE : Basis.SIMULATED;
    }

    /** CPU use of QEMU on the source above the VM's use before, in percent of one core. */
    private static double cpuPercent(
            SimulatedOutcome outcome, double performance, MigrationCase migration, Technique technique) {
        double vcpus = migration.vm().vcpuUse();
        double kept = technique.isPostCopy() ? outcome.secondsOnSource / outcome.seconds : performance;
        return 100 * ((outcome.cpuSeconds + outcome.faultSeconds) / outcome.seconds - vcpus * (1 - kept));
    }

    private static void set(PredictionTable into, Technique technique, Metric metric, double value, double least) {
        double margin = Math.max(Math.abs(value) * TypicalError.of(metric), least);
        into.set(technique, metric, value, value - margin, value + margin);
    }
}
