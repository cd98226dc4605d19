package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.predict.MigrationCase;
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
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Cases and costs of which every figure is chosen, so that what they come to can be worked out by hand. */
final class ByHand {

    static final double LINK_MEGABITS = 1000;
    static final double LINK_BYTES = 125e6;

    /** A page as it is: 8 B of header and 4,096 B. */
    static final double PLAIN_BYTES = 4104;

    /** Non-zero pages of a VM of 256 MiB of which 64 MiB hold something, and its zero pages. */
    static final double PAGES = 16_384;

    static final double ZEROS = 49_152;

    /** All of it, sent once: 67,682,304 B. */
    static final double ALL_BYTES = PAGES * PLAIN_BYTES + ZEROS * 9;

    /** 0.541 s. */
    static final double ALL_SECONDS = ALL_BYTES / LINK_BYTES;

    private ByHand() {}

    /** The whole link for the payload, and free, but for these costs by their names. */
    static MigrationCosts costs(Map<String, Double> given) {
        RecordComponent[] all = MigrationCosts.class.getRecordComponents();
        assertThat(Arrays.stream(all).map(RecordComponent::getName)).containsAll(given.keySet());
        Object[] values = Arrays.stream(all)
                .map(RecordComponent::getName)
                .map(name -> given.getOrDefault(name, name.equals("wireEfficiency") ? 1.0 : 0.0))
                .toArray();
        try {
            Constructor<MigrationCosts> constructor = MigrationCosts.class.getDeclaredConstructor(
                    Arrays.stream(all).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** A VM of one vCPU that uses no CPU and writes as a curve tells. */
    static VmProfile vm(long memoryMebibytes, long touchedMebibytes, Point... curve) {
        return vm(memoryMebibytes, touchedMebibytes, 1, 0, 0, curve);
    }

    static VmProfile vm(
            long memoryMebibytes,
            long touchedMebibytes,
            int vcpus,
            double vcpuUse,
            double spatialLocality,
            Point... curve) {
        return new VmProfile(
                "vm",
                MemorySize.ofMebibytes(memoryMebibytes),
                vcpus,
                touchedMebibytes * 256,
                new DirtyCurve(List.of(curve), touchedMebibytes * 256),
                spatialLocality,
                new PageContent(0.5, 0.55, 0.55, 64),
                vcpuUse,
                0,
                MemorySize.ofMebibytes(touchedMebibytes),
                false,
                Traffic.NONE,
                DirtySource.DIRTY_BITMAP,
                Accelerator.KVM,
                VmProfile.FRESH);
    }

    /** A curve that is up at so many pages after a hundredth of a second, and level from there on. */
    static Point[] levelAt(double pages) {
        return new Point[] {new Point(0.01, pages), new Point(1, pages)};
    }

    /** A curve of so many pages a second without end: no page is written twice. */
    static Point[] rising(double pagesPerSecond) {
        return new Point[] {new Point(1, pagesPerSecond)};
    }

    /** Between two idle hosts of 8 cores, over a link of 1 Gbit/s without latency. */
    static MigrationCase between(VmProfile vm) {
        return between(vm, LINK_MEGABITS, 0);
    }

    static MigrationCase between(VmProfile vm, double megabits, double latencyMillis) {
        return between(vm, host("h1", 0, 0, megabits), host("h2", 0, 0, megabits), latencyMillis);
    }

    static MigrationCase between(VmProfile vm, HostProfile source, HostProfile destination, double latencyMillis) {
        return new MigrationCase(
                vm,
                source,
                destination,
                LinkProfile.between(source, destination, latencyMillis),
                MigrationTuning.forVm(vm));
    }

    /** A host of 8 cores. */
    static HostProfile host(String name, double busyCores, double busyThreads, double megabits) {
        return new HostProfile(
                name,
                8,
                busyCores / 8,
                MemorySize.parse("64G"),
                0,
                Bandwidth.ofMegabits(megabits),
                Traffic.NONE,
                busyThreads);
    }

    /** With a limit on the downtime, in ms. */
    static MigrationCase limited(VmProfile vm, long downtimeMillis) {
        return with(between(vm), MigrationTuning.DEFAULT.withDowntimeLimit(Duration.ofMillis(downtimeMillis)));
    }

    /** And with one on the whole migration. */
    static MigrationCase limited(VmProfile vm, long downtimeMillis, Duration timeLimit) {
        MigrationCase base = limited(vm, downtimeMillis);
        return with(base, base.tuning().withTimeLimit(timeLimit));
    }

    static MigrationCase with(MigrationCase base, MigrationTuning tuning) {
        return new MigrationCase(base.vm(), base.source(), base.destination(), base.link(), tuning);
    }
}
