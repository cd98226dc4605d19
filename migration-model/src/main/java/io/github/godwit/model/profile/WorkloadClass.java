package io.github.godwit.model.profile;

import io.github.godwit.model.unit.MemorySize;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a VM uses most, as light profiling sees it (SPEC W1). A VM can be of several classes, or of none when it idles.
 *
 * <p>Reading leaves no trace that a hypervisor without performance counters could see, so that a VM counts as reading when it
 * works on memory with content and writes next to nothing.
 */
public enum WorkloadClass {
    /** Its vCPUs are busy half of the time or more. */
    CPU_INTENSIVE(vm -> vm.vcpuUse() >= WorkloadClass.BUSY_SHARE * vm.vcpus()),
    /** It writes 20 MiB of different pages within a second, or more. */
    MEMORY_INTENSIVE(vm -> mebibytes(vm.dirtyCurve().pagesAfter(1)) >= WorkloadClass.MUCH_MEBIBYTES),
    /** 100 Mbit/s or more go over its taps, in and out together. */
    NETWORK_INTENSIVE(
            vm -> vm.traffic().in().megabits() + vm.traffic().out().megabits() >= WorkloadClass.MUCH_MEGABITS),
    /** It writes 20 MiB/s or more, however often the same pages. */
    WRITE_INTENSIVE(vm -> mebibytes(vm.dirtyCurve().initialPagesPerSecond()) >= WorkloadClass.MUCH_MEBIBYTES),
    /** It computes on memory with content and writes less than 2 MiB/s. */
    READ_INTENSIVE(vm -> vm.dirtySource() != VmProfile.DirtySource.NONE
            && vm.vcpuUse() >= WorkloadClass.SOME_CORES
            && mebibytes(vm.nonZeroPages()) >= WorkloadClass.MUCH_MEBIBYTES
            && mebibytes(vm.dirtyCurve().initialPagesPerSecond()) < WorkloadClass.LITTLE_MEBIBYTES);

    /** From here on a vCPU counts as busy: share of its time. */
    public static final double BUSY_SHARE = 0.5;
    /** From here on a VM counts as computing at all, in cores. */
    public static final double SOME_CORES = 0.2;
    /** Much written or held: MiB, or MiB/s. */
    public static final double MUCH_MEBIBYTES = 20;
    /** Little written, MiB/s. */
    public static final double LITTLE_MEBIBYTES = 2;

    private static final double MUCH_MEGABITS = 100;

    @SuppressWarnings("ImmutableEnumChecker") // every one is a lambda without state
    private final Predicate<VmProfile> rule;

    WorkloadClass(Predicate<VmProfile> rule) {
        this.rule = rule;
    }

    /** Whether a VM is of this class. */
    public boolean fits(VmProfile vm) {
        return rule.test(vm);
    }

    /** All classes of a VM. */
    public static Set<WorkloadClass> of(VmProfile vm) {
        EnumSet<WorkloadClass> classes = EnumSet.noneOf(WorkloadClass.class);
        for (WorkloadClass each : values()) {
            if (each.fits(vm)) {
                classes.add(each);
            }
        }
        return classes;
    }

    private static double mebibytes(double pages) {
        return pages * MemorySize.PAGE_BYTES / (1 << 20);
    }
}
