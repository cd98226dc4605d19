package io.github.godwit.model;

/**
 * One VM as light profiling saw it just before a migration (SPEC G3).
 *
 * @param name           the VM's name on its host
 * @param memory         guest memory as configured
 * @param vcpus          number of virtual CPUs, at least 1
 * @param nonZeroPages   pages of 4 KiB that hold something, at most those of {@code memory}
 * @param dirtyCurve     unique pages written within a window
 * @param spatialLocality share of the changed pages whose next page changed too, 0 to 1
 * @param content        what the non-zero pages hold
 * @param vcpuUse        CPU time that the vCPUs take, in cores, 0 to {@code vcpus} (a little more for QEMU's own threads)
 * @param heartbeatsPerSecond the guest's own rate of work where it reports one, else 0
 * @param residentMemory QEMU's resident memory on the host
 * @param dirtyRing      whether the VM runs with KVM's dirty ring, which dirty-limit needs
 * @param traffic        what goes over the VM's taps
 * @param dirtySource    how the dirty curve was measured, best first: dirty-ring, dirty-bitmap, page-sampling
 */
public record VmProfile(
        String name,
        MemorySize memory,
        int vcpus,
        long nonZeroPages,
        DirtyCurve dirtyCurve,
        double spatialLocality,
        PageContent content,
        double vcpuUse,
        double heartbeatsPerSecond,
        MemorySize residentMemory,
        boolean dirtyRing,
        Traffic traffic,
        DirtySource dirtySource) {

    /** How QEMU counted the dirty pages. */
    public enum DirtySource {
        /** Per vCPU, exact; needs a VM started with a dirty ring. */
        DIRTY_RING,
        /** KVM's bitmap, exact. */
        DIRTY_BITMAP,
        /** Hashes of sampled pages: an estimate, the only way under TCG. */
        PAGE_SAMPLING
    }

    /**
     * @throws IllegalArgumentException when a value is missing or out of its range
     */
    public VmProfile {
        Checks.named("VM name", name);
        Checks.positive("memory", Checks.present("memory", memory).bytes());
        Checks.positive("number of vcpus", vcpus);
        Checks.inRange("nonZeroPages", nonZeroPages, 0, memory.pages());
        Checks.present("dirtyCurve", dirtyCurve);
        Checks.inRange("spatialLocality", spatialLocality, 0, 1);
        Checks.present("content", content);
        Checks.notNegative("vcpuUse", vcpuUse);
        Checks.notNegative("heartbeatsPerSecond", heartbeatsPerSecond);
        Checks.present("residentMemory", residentMemory);
        Checks.present("traffic", traffic);
        Checks.present("dirtySource", dirtySource);
    }

    /** Pages of 4 KiB that hold nothing but zeros. */
    public long zeroPages() {
        return memory.pages() - nonZeroPages;
    }
}
