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
 * Uses another predictor for VMs whose profile has missing or old parts.
 *
 * <p>A missing part can have any value. The case is predicted twice, with the lowest and with the highest value that
 * the part can have. The interval spans both predictions, and the value is their mean. So a missing part widens exactly
 * the intervals that depend on it. An old part widens all intervals with the square root of its age, as for a random
 * walk: twice as wide at {@value #DOUBLING_MILLIS} ms, at most {@value #MAX_FACTOR} times. This is a rule of thumb.
 *
 * <p>Profiles whose parts are all fresh, and profiles of which nothing was measured, are passed to the other predictor unchanged.
 */
public final class PartialProfilePredictor implements TablePredictor {

    /** Age at which an interval is twice as wide. */
    private static final long DOUBLING_MILLIS = 90_000;

    private static final double MAX_FACTOR = 4;

    /** Pages per second that one vCPU can write at most: 1.6 GB/s, more than most links carry. */
    private static final double MAX_PAGES_PER_SECOND = 400_000;

    /** CPU use that is indistinguishable from none, in cores. */
    private static final double MIN_CORES = 0.001;

    /** The lowest compression ratio of any content. */
    private static final double MIN_RATIO = 0.05;

    private static final PageContent MOST_COMPRESSIBLE = new PageContent(0, MIN_RATIO, MIN_RATIO, 1);
    private static final Metric[] METRICS = Metric.values();

    private final Predictor predictor;

    /**
     * @param predictor predicts VMs with complete profiles
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
            widen(Math.min(MAX_FACTOR, Math.sqrt(1 + 3.0 * vm.oldestMillis() / DOUBLING_MILLIS)), techniques, into);
        }
    }

    private void span(
            MigrationCase migrationCase,
            Set<ProfilePart> missing,
            Collection<Technique> techniques,
            PredictionTable into) {
        PredictionTable lower = new PredictionTable();
        predictor.predict(migrationCase.withVm(lowest(migrationCase.vm(), missing)), techniques, lower);
        predictor.predict(migrationCase.withVm(highest(migrationCase.vm(), missing)), techniques, into);
        for (Technique technique : techniques) {
            for (Metric metric : METRICS) {
                into.set(
                        technique,
                        metric,
                        (lower.value(technique, metric) + into.value(technique, metric)) / 2,
                        Math.min(lower.low(technique, metric), into.low(technique, metric)),
                        Math.max(lower.high(technique, metric), into.high(technique, metric)));
            }
            into.complete(
                    technique,
                    (lower.endProbability(technique) + into.endProbability(technique)) / 2,
                    worse(lower.basis(technique), into.basis(technique)));
        }
    }

    private static Basis worse(Basis one, Basis other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** The VM with the lowest value of each missing part: it writes nothing, its pages compress best, and it is idle. */
    private static VmProfile lowest(VmProfile vm, Set<ProfilePart> missing) {
        long resident = Math.min(vm.memory().pages(), vm.residentMemory().pages());
        return assumed(vm, missing, DirtyCurve.idle(), resident, MOST_COMPRESSIBLE, 0);
    }

    /** The VM with the highest value: it writes as fast as its vCPUs can, its pages do not compress, and all vCPUs are busy. */
    private static VmProfile highest(VmProfile vm, Set<ProfilePart> missing) {
        double cores = missing.contains(ProfilePart.VCPU_USE) ? vm.vcpus() : Math.min(vm.vcpus(), vm.vcpuUse());
        long pages = missing.contains(ProfilePart.CONTENT) ? vm.memory().pages() : vm.nonZeroPages();
        double rate = MAX_PAGES_PER_SECOND * Math.max(MIN_CORES, cores);
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
