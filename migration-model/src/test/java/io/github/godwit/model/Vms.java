package io.github.godwit.model;

import io.github.godwit.model.DirtyCurve.Point;
import io.github.godwit.model.VmProfile.DirtySource;
import java.util.List;
import java.util.Map;

/** VMs drawn by hand for tests. */
public final class Vms {

    private Vms() {}

    /** 256 MiB of which 128 MiB hold something, 64 MiB written at random at about 60 MiB/s. */
    public static VmProfile small() {
        return writing(256, 128, 64, 60, false);
    }

    /** The same with KVM's dirty ring. */
    public static VmProfile withDirtyRing() {
        return writing(256, 128, 64, 60, true);
    }

    /** Random writes at a rate over a working set: unique pages S·(1 − exp(−r·t/S)), sampled at seven windows. */
    public static VmProfile writing(
            long memoryMebibytes,
            long touchedMebibytes,
            double workingSetMebibytes,
            double mebibytesPerSecond,
            boolean dirtyRing) {
        double pagesInSet = workingSetMebibytes * 256;
        double pagesPerSecond = mebibytesPerSecond * 256;
        List<Point> points = List.of(0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2).stream()
                .map(t -> new Point(t, pagesInSet * (1 - Math.exp(-pagesPerSecond * t / pagesInSet))))
                .toList();
        return new VmProfile(
                "vm",
                MemorySize.ofMebibytes(memoryMebibytes),
                1,
                touchedMebibytes * 256,
                new DirtyCurve(mebibytesPerSecond == 0 ? List.of() : points, touchedMebibytes * 256),
                0.1,
                new PageContent(0.5, 0.55, 0.55, 64),
                0.5,
                500,
                MemorySize.ofMebibytes(touchedMebibytes + 40),
                dirtyRing,
                Traffic.NONE,
                DirtySource.DIRTY_BITMAP,
                Accelerator.KVM,
                VmProfile.FRESH);
    }

    /** Writes in the order of addresses, round and round in a working set: the curve rises straight until it is level. */
    public static VmProfile inOrder(
            long memoryMebibytes, long touchedMebibytes, double workingSetMebibytes, double mebibytesPerSecond) {
        VmProfile vm = writing(memoryMebibytes, touchedMebibytes, workingSetMebibytes, mebibytesPerSecond, false);
        List<Point> points = vm.dirtyCurve().points().stream()
                .map(point -> new Point(
                        point.windowSeconds(),
                        Math.min(workingSetMebibytes, mebibytesPerSecond * point.windowSeconds()) * 256))
                .toList();
        return lookedAt(vm, points, 1, vm.content());
    }

    /** The same VM, of which something else was seen. */
    public static VmProfile lookedAt(VmProfile vm, List<Point> points, double spatialLocality, PageContent content) {
        return new VmProfile(
                vm.name(),
                vm.memory(),
                vm.vcpus(),
                vm.nonZeroPages(),
                new DirtyCurve(points, vm.nonZeroPages()),
                spatialLocality,
                content,
                vm.vcpuUse(),
                vm.heartbeatsPerSecond(),
                vm.residentMemory(),
                vm.dirtyRing(),
                vm.traffic(),
                vm.dirtySource(),
                vm.accelerator(),
                vm.agesMillis());
    }

    /** The same VM, of which these parts are known, each as old as that, in ms. */
    public static VmProfile known(VmProfile vm, Map<ProfilePart, Long> agesMillis) {
        return new VmProfile(
                vm.name(),
                vm.memory(),
                vm.vcpus(),
                vm.nonZeroPages(),
                vm.dirtyCurve(),
                vm.spatialLocality(),
                vm.content(),
                vm.vcpuUse(),
                vm.heartbeatsPerSecond(),
                vm.residentMemory(),
                vm.dirtyRing(),
                vm.traffic(),
                vm.dirtySource(),
                vm.accelerator(),
                agesMillis);
    }
}
