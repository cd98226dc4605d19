package io.github.godwit.model.predict;

import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.profile.VmProfile.DirtySource;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Checks;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Predicts VMs of which a part could not be measured, or only some time ago, by another predictor.
 *
 * <p>A missing part can be anything. The case is predicted twice, with the least and with the most that the part can be; the
 * interval spans both predictions, and the value is their middle. So a missing part widens exactly the intervals that depend on
 * it. An old part widens all intervals by the square root of its age, as of something that wanders: twice as wide at
 * {@value #DOUBLED_MILLIS} ms, at most {@value #MOST} times. That is a rule of thumb.
 *
 * <p>A profile whose parts were all measured just now is left to the other predictor. So is one of which nothing was measured.
 */
public final class PartialProfilePredictor implements TablePredictor {

    /** Age at which an interval is twice as wide. */
    private static final long DOUBLED_MILLIS = 90_000;

    private static final double MOST = 4;

    /** Pages that a vCPU which does nothing else writes in a second: 1.6 GB/s, more than a migration's link usually takes. */
    private static final double MOST_PAGES_PER_SECOND = 400_000;

    /** CPU use below that is not told from none, in cores. */
    private static final double LEAST_CORES = 0.001;

    /** Share to which the best content compresses. */
    private static final double LEAST_RATIO = 0.05;

    private static final PageContent MOST_COMPRESSIBLE = new PageContent(0, LEAST_RATIO, LEAST_RATIO, 1);
    private static final Metric[] METRICS = Metric.values();

    private final Predictor predictor;

    /**
     * @param predictor predicts VMs that are known
     */
    public PartialProfilePredictor(Predictor predictor) {
        this.predictor = Checks.present("predictor", predictor);
    }

    @Override
    public void predict(MigrationCase migrationCase, Collection<Technique> techniques, PredictionTable into) {
        VmProfile vm = migrationCase.vm();
        Set<ProfilePart> missing = vm.allFresh() || vm.nothingMeasured() ? Set.of() : vm.missing();
        if (missing.isEmpty()) {
            predictor.predict(migrationCase, techniques, into);
        } else {
            span(migrationCase, missing, techniques, into);
        }
        if (vm.oldestMillis() > VmProfile.STALE_MILLIS) {
            widen(Math.min(MOST, Math.sqrt(1 + 3.0 * vm.oldestMillis() / DOUBLED_MILLIS)), techniques, into);
        }
    }

    private void span(
            MigrationCase migrationCase,
            Set<ProfilePart> missing,
            Collection<Technique> techniques,
            PredictionTable into) {
        PredictionTable least = new PredictionTable();
        predictor.predict(migrationCase.withVm(least(migrationCase.vm(), missing)), techniques, least);
        predictor.predict(migrationCase.withVm(most(migrationCase.vm(), missing)), techniques, into);
        for (Technique technique : techniques) {
            for (Metric metric : METRICS) {
                into.set(
                        technique,
                        metric,
                        (least.value(technique, metric) + into.value(technique, metric)) / 2,
                        Math.min(least.low(technique, metric), into.low(technique, metric)),
                        Math.max(least.high(technique, metric), into.high(technique, metric)));
            }
            into.complete(
                    technique,
                    (least.endProbability(technique) + into.endProbability(technique)) / 2,
                    worse(least.basis(technique), into.basis(technique)));
        }
    }

    private static Basis worse(Basis one, Basis other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** The VM with the least that each missing part can be: it writes nothing, holds what compresses best, and idles. */
    private static VmProfile least(VmProfile vm, Set<ProfilePart> missing) {
        long resident = Math.min(vm.memory().pages(), vm.residentMemory().pages());
        return assumed(vm, missing, DirtyCurve.idle(), resident, MOST_COMPRESSIBLE, 0);
    }

    /** The VM with the most: it writes as fast as its vCPUs can, holds what does not compress, and computes all the time. */
    private static VmProfile most(VmProfile vm, Set<ProfilePart> missing) {
        double cores = missing.contains(ProfilePart.VCPU_USE) ? vm.vcpus() : Math.min(vm.vcpus(), vm.vcpuUse());
        long pages = missing.contains(ProfilePart.CONTENT) ? vm.memory().pages() : vm.nonZeroPages();
        double rate = MOST_PAGES_PER_SECOND * Math.max(LEAST_CORES, cores);
        DirtyCurve writes = new DirtyCurve(List.of(new DirtyCurve.Point(Math.max(1, pages) / rate, pages)), pages);
        return assumed(vm, missing, writes, pages, PageContent.UNKNOWN, vm.vcpus());
    }

    private static VmProfile assumed(
            VmProfile vm,
            Set<ProfilePart> missing,
            DirtyCurve writes,
            long nonZeroPages,
            PageContent content,
            double vcpuUse) {
        Map<ProfilePart, Long> ages = new EnumMap<>(ProfilePart.class);
        missing.forEach(part -> ages.put(part, 0L));
        return new VmProfile(
                        vm.name(),
                        vm.memory(),
                        vm.vcpus(),
                        nonZeroPages,
                        writes,
                        0,
                        content,
                        vcpuUse,
                        0,
                        vm.residentMemory(),
                        vm.dirtyRing(),
                        vm.traffic(),
                        DirtySource.NONE,
                        vm.accelerator(),
                        ages)
                .completedFrom(vm);
    }

    private static void widen(double factor, Collection<Technique> techniques, PredictionTable into) {
        for (Technique technique : techniques) {
            for (Metric metric : METRICS) {
                double value = into.value(technique, metric);
                double low = value - factor * (value - into.low(technique, metric));
                into.set(
                        technique,
                        metric,
                        value,
                        metric == Metric.CPU ? low : Math.min(value, Math.max(0, low)),
                        value + factor * (into.high(technique, metric) - value));
            }
        }
    }
}
