package io.github.godwit.training.data;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.DirtyCurve.Point;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.profile.VmProfile.DirtySource;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * A case of a dataset of others, which contains less than a profile.
 *
 * @param memoryMebibytes     memory of the VM, MiB
 * @param vcpus               its virtual CPUs
 * @param contentMebibytes    memory that is not zero, MiB
 * @param dirtyMebibytes      pages written in a second, MiB
 * @param workingSetMebibytes writable working set, MiB
 * @param entropy             normalised entropy of the content, 0 to 1
 * @param vcpuUse             CPU use of the VM, in cores
 * @param cores               cores of the hosts
 * @param sourceLoad          share of the cores in use on the source, 0 to 1
 * @param destinationLoad     share of the cores in use on the destination, 0 to 1
 * @param link                rate of the link between the hosts
 * @param maxBandwidth        QEMU's {@code max-bandwidth}
 */
record ForeignCase(
        double memoryMebibytes,
        int vcpus,
        double contentMebibytes,
        double dirtyMebibytes,
        double workingSetMebibytes,
        double entropy,
        double vcpuUse,
        double cores,
        double sourceLoad,
        double destinationLoad,
        Bandwidth link,
        Bandwidth maxBandwidth) {

    private static final double PAGES = 256;

    /** The row of a migration of this case that converged. */
    DatasetRow row(String id, String family, Technique technique, Map<Metric, Double> measured) {
        MigrationCase migration = migration(id);
        Prediction simulated = new AnalyticPredictor().predict(migration, technique);
        Outcome outcome = new Outcome(
                id,
                Instant.EPOCH,
                migration,
                technique,
                null,
                "",
                simulated,
                measured,
                -1,
                -1,
                true,
                0,
                0,
                Bandwidth.ZERO,
                List.of("published by others"),
                null,
                0,
                null,
                null,
                null);
        return new DatasetRow(id, id, family, "", 0, true, null, Map.of(), outcome);
    }

    private MigrationCase migration(String name) {
        long memory = Math.max(1, Math.round(memoryMebibytes));
        long content = Math.min(memory * 256, Math.max(1, Math.round(contentMebibytes * PAGES)));
        VmProfile vm = new VmProfile(
                name,
                MemorySize.ofMebibytes(memory),
                vcpus,
                content,
                curve(content),
                0.5,
                new PageContent(entropy, 1, 1, MemorySize.PAGE_BYTES),
                vcpuUse,
                0,
                MemorySize.ofMebibytes(memory),
                false,
                Traffic.NONE,
                DirtySource.DIRTY_BITMAP,
                Accelerator.KVM,
                VmProfile.FRESH);
        HostProfile source = host("source", sourceLoad);
        HostProfile destination = host("destination", destinationLoad);
        MigrationTuning tuning = MigrationTuning.forVm(vm).withMaxBandwidth(maxBandwidth);
        return new MigrationCase(vm, source, destination, LinkProfile.between(source, destination, 0.1), tuning);
    }

    private HostProfile host(String name, double load) {
        return new HostProfile(
                name, cores, Math.max(0, Math.min(1, load)), MemorySize.parse("64G"), 0.5, link, Traffic.NONE);
    }

    /** The dirty curve of random writes: of S pages, S·(1 − exp(−r·t/S)) different ones are written within the time t. */
    private DirtyCurve curve(long content) {
        double set = Math.max(1, workingSetMebibytes * PAGES);
        double rate = dirtyMebibytes * PAGES;
        List<Point> points = rate <= 0
                ? List.of()
                : DoubleStream.of(0.05, 0.1, 0.25, 0.5, 1, 2, 4)
                        .mapToObj(seconds -> new Point(seconds, set * (1 - Math.exp(-rate * seconds / set))))
                        .toList();
        return new DirtyCurve(points, content);
    }
}
