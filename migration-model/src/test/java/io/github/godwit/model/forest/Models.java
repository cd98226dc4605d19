package io.github.godwit.model.forest;

import io.github.godwit.model.Accelerator;
import io.github.godwit.model.Bandwidth;
import io.github.godwit.model.HostProfile;
import io.github.godwit.model.LinkProfile;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.Metric;
import io.github.godwit.model.MigrationCase;
import io.github.godwit.model.MigrationTuning;
import io.github.godwit.model.Technique;
import io.github.godwit.model.Traffic;
import io.github.godwit.model.Vms;
import io.github.godwit.model.forest.PredictionModel.About;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Small models for tests. */
final class Models {

    /** 256 MiB, of which 64 are written at 60 MiB/s, on a link of 1 Gbit/s. */
    static final MigrationCase CASE = migration();

    private Models() {}

    private static MigrationCase migration() {
        Bandwidth link = Bandwidth.parse("1gbit");
        var vm = Vms.writing(256, 64, 64, 60, true);
        HostProfile source = host("h1", link);
        HostProfile destination = host("h2", link);
        return new MigrationCase(
                vm, source, destination, LinkProfile.between(source, destination, 0.1), MigrationTuning.forVm(vm));
    }

    private static HostProfile host(String name, Bandwidth link) {
        return new HostProfile(name, 1, 0.3, MemorySize.parse("64G"), 0.2, link, Traffic.NONE);
    }

    /**
     * A model for PRE alone, of two trees for each metric: both say what the simulation says, times a factor each.
     *
     * @param domain where its training cases lie
     */
    static PredictionModel ofPre(TrainingDomain domain, double oneFactor, double otherFactor) {
        return ofPre(domain, oneFactor, otherFactor, Map.of());
    }

    /**
     * The same, which also tells whether PRE ends: as the simulation says, less so much.
     *
     * @param less at most 1
     */
    static PredictionModel ofPreThatMayNotEnd(double less) {
        Ensemble ends = new Ensemble(new int[] {0, 3}, false, true, -less, 0, 0);
        return ofPre(around(1), 1, 1, Map.of(Technique.PRE, ends));
    }

    private static PredictionModel ofPre(
            TrainingDomain domain, double oneFactor, double otherFactor, Map<Technique, Ensemble> ends) {
        // both trees split at feature 0 at a threshold that no memory reaches, so that all go left
        byte[] features = {0, Trees.LEAF, Trees.LEAF, 0, Trees.LEAF, Trees.LEAF};
        float[] thresholds = {1000, (float) Math.log(oneFactor), 9, 1000, (float) Math.log(otherFactor), 9};
        int[] rights = {2, 0, 0, 5, 0, 0};
        Map<Metric, Ensemble> metrics = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            metrics.put(metric, new Ensemble(new int[] {0, 3}, false, true, 0, 2, 0));
        }
        return new PredictionModel(
                new About("f00", 7, "2026-01-01T00:00:00Z", "a test", Set.of(Accelerator.KVM)),
                domain,
                new Trees(features, thresholds, rights),
                Map.of(Technique.PRE, metrics),
                ends);
    }

    /** One ball around {@link #CASE}. */
    static TrainingDomain around(double radius) {
        double[] scales = new double[CaseVector.CASE_FEATURES];
        Arrays.fill(scales, 1);
        double[] vector = new double[CaseVector.LENGTH];
        CaseVector.fillCase(CASE, vector);
        return new TrainingDomain(
                scales, new double[][] {Arrays.copyOf(vector, CaseVector.CASE_FEATURES)}, new double[] {radius});
    }

    /** One ball far from {@link #CASE}. */
    static TrainingDomain elsewhere() {
        double[] scales = new double[CaseVector.CASE_FEATURES];
        Arrays.fill(scales, 1);
        double[] centre = new double[CaseVector.CASE_FEATURES];
        Arrays.fill(centre, 50);
        return new TrainingDomain(scales, new double[][] {centre}, new double[] {1});
    }
}
