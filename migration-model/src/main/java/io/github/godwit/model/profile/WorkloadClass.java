package io.github.godwit.model.profile;

import io.github.godwit.model.unit.MemorySize;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The resources that a VM uses most, derived from its profile ([Proposal 2023]). A VM can be of several classes, or of
 * none when it idles.
 *
 * <p>Without performance counters a hypervisor cannot observe reads. A VM therefore counts as read-intensive when it
 * computes, its memory is not empty, and it writes next to nothing.
 */
public enum WorkloadClass {
    /** Its vCPUs are busy at least half of the time. */
    CPU_INTENSIVE(vm -> vm.vcpuUse() >= WorkloadClass.BUSY_SHARE * vm.vcpus()),
    /** It writes at least 20 MiB of different pages within a second. */
    MEMORY_INTENSIVE(vm -> mebibytes(vm.dirtyCurve().pagesAfter(1)) >= WorkloadClass.MUCH_MEBIBYTES),
    /** Its traffic, in and out together, is at least 100 Mbit/s. */
    NETWORK_INTENSIVE(
            vm -> vm.traffic().in().megabits() + vm.traffic().out().megabits() >= WorkloadClass.MUCH_MEGABITS),
    /** It writes at least 20 MiB/s, whether or not these are the same pages. */
    WRITE_INTENSIVE(vm -> mebibytes(vm.dirtyCurve().initialPagesPerSecond()) >= WorkloadClass.MUCH_MEBIBYTES),
    /** It computes, at least 20 MiB of its memory are not zero, and it writes less than 2 MiB/s. */
    READ_INTENSIVE(vm -> vm.dirtySource() != VmProfile.DirtySource.NONE
            && vm.vcpuUse() >= WorkloadClass.SOME_CORES
            && mebibytes(vm.nonZeroPages()) >= WorkloadClass.MUCH_MEBIBYTES
            && mebibytes(vm.dirtyCurve().initialPagesPerSecond()) < WorkloadClass.LITTLE_MEBIBYTES);

    /** A vCPU counts as busy from this share of its time on. */
    public static final double BUSY_SHARE = 0.5;
    /** A VM counts as computing from this CPU use on, in cores. */
    public static final double SOME_CORES = 0.2;
    /** From here on memory use or writing counts as high, in MiB or MiB/s. */
    public static final double MUCH_MEBIBYTES = 20;
    /** Below this, writing counts as low, in MiB/s. */
    public static final double LITTLE_MEBIBYTES = 2;

    private static final double MUCH_MEGABITS = 100;

    @SuppressWarnings("ImmutableEnumChecker") // all of them are lambdas without state
    private final Predicate<VmProfile> rule;

    WorkloadClass(Predicate<VmProfile> rule) {
        this.rule = rule;
    }

    /** Whether a VM is of this class. */
    public boolean fits(VmProfile vm) {
        return rule.test(vm);
    }

    /** All classes that a VM belongs to. */
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
