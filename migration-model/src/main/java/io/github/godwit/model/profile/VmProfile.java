package io.github.godwit.model.profile;

import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.MemorySize;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The profile of one VM, measured from outside it shortly before a migration.
 *
 * @param name           the VM's name on its host
 * @param memory         guest memory as configured
 * @param vcpus          number of virtual CPUs, at least 1
 * @param nonZeroPages   pages of 4 KiB that are not all zeros, at most those of {@code memory}
 * @param dirtyCurve     unique pages written within a window of a given length
 * @param spatialLocality share of the changed pages whose next page changed too, 0 to 1
 * @param content        how compressible the non-zero pages are
 * @param vcpuUse        CPU time that the vCPUs take, in cores, 0 to {@code vcpus} (a little more for QEMU's own threads)
 * @param heartbeatsPerSecond the guest's rate of work where it reports one, otherwise 0
 * @param residentMemory QEMU's resident memory on the host
 * @param dirtyRing      whether the VM runs with KVM's dirty ring, which dirty-limit needs
 * @param traffic        the traffic over the VM's tap devices
 * @param dirtySource    how the dirty curve was measured
 * @param accelerator    how QEMU runs the VM; null means KVM, as in profiles from before this was recorded
 * @param agesMillis     the age of each measured part when the profile was assembled, in ms; a part that is not in it could not
 *                       be measured. Null means {@link #FRESH}
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
        DirtySource dirtySource,
        Accelerator accelerator,
        Map<ProfilePart, Long> agesMillis) {

    /** All parts, measured just now. */
    public static final Map<ProfilePart, Long> FRESH =
            Map.of(ProfilePart.WRITES, 0L, ProfilePart.CONTENT, 0L, ProfilePart.VCPU_USE, 0L);

    /** Predictions widen their intervals when a part is older than this, in ms. */
    public static final long STALE_MILLIS = 30_000;

    /** How the dirty pages were counted, most accurate first. */
    public enum DirtySource {
        /** Per vCPU, exact; needs a VM started with a dirty ring. */
        DIRTY_RING,
        /** KVM's bitmap, exact. */
        DIRTY_BITMAP,
        /** QEMU's hashes of sampled pages: an estimate, the only one of QEMU's modes that works under TCG. */
        PAGE_SAMPLING,
        /** The host driver read sampled pages several times: an estimate that does not need QEMU's monitor. */
        SAMPLED_READS,
        /** They were not counted. */
        NONE
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
        accelerator = accelerator == null ? Accelerator.KVM : accelerator;
        agesMillis = agesMillis == null || agesMillis.equals(FRESH) ? FRESH : copy(agesMillis);
        agesMillis.values().forEach(age -> Checks.notNegative("age", Checks.present("age", age)));
    }

    private static Map<ProfilePart, Long> copy(Map<ProfilePart, Long> ages) {
        Map<ProfilePart, Long> copy = new EnumMap<>(ProfilePart.class);
        copy.putAll(ages);
        return Collections.unmodifiableMap(copy);
    }

    /** A VM of which only the definition is known. That is enough to determine which techniques can run, but not to predict them. */
    public static VmProfile unmeasured(VmDefinition vm) {
        return new VmProfile(
                vm.name(),
                vm.memory(),
                vm.vcpus(),
                vm.memory().pages(),
                DirtyCurve.idle(),
                0,
                PageContent.UNKNOWN,
                0,
                0,
                new MemorySize(0),
                vm.dirtyRingSize() > 0,
                Traffic.NONE,
                DirtySource.NONE,
                vm.accelerator(),
                Map.of());
    }

    /** The parts that could not be measured. */
    public Set<ProfilePart> missing() {
        EnumSet<ProfilePart> missing = EnumSet.allOf(ProfilePart.class);
        missing.removeAll(agesMillis.keySet());
        return missing;
    }

    /** Whether all parts were measured just now. */
    public boolean allFresh() {
        return agesMillis == FRESH;
    }

    /** Whether nothing was measured. */
    public boolean nothingMeasured() {
        return agesMillis.isEmpty();
    }

    /** Age of the oldest measured part, in ms; 0 where nothing was measured. */
    public long oldestMillis() {
        return agesMillis.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** The same profile some time later. */
    public VmProfile aged(long millis) {
        Map<ProfilePart, Long> older = new EnumMap<>(ProfilePart.class);
        agesMillis.forEach((part, age) -> older.put(part, age + millis));
        return with(this, this, this, accelerator, older);
    }

    /** A copy for the same VM under another accelerator. */
    public VmProfile withAccelerator(Accelerator other) {
        return with(this, this, this, other, agesMillis);
    }

    /** A copy with another dirty curve. */
    public VmProfile withDirtyCurve(DirtyCurve other) {
        return new VmProfile(
                name,
                memory,
                vcpus,
                nonZeroPages,
                other,
                spatialLocality,
                content,
                vcpuUse,
                heartbeatsPerSecond,
                residentMemory,
                dirtyRing,
                traffic,
                dirtySource,
                accelerator,
                agesMillis);
    }

    /** A copy with each missing part taken from another profile of the same VM, together with its age. */
    public VmProfile completedFrom(VmProfile other) {
        Map<ProfilePart, Long> ages = new EnumMap<>(ProfilePart.class);
        ages.putAll(other.agesMillis);
        ages.putAll(agesMillis);
        return with(
                holding(ProfilePart.WRITES, other),
                holding(ProfilePart.CONTENT, other),
                holding(ProfilePart.VCPU_USE, other),
                accelerator,
                ages);
    }

    private VmProfile holding(ProfilePart part, VmProfile other) {
        return agesMillis.containsKey(part) ? this : other;
    }

    /** A copy with each part taken from the profile given for it. */
    private VmProfile with(
            VmProfile writes, VmProfile content, VmProfile cpu, Accelerator by, Map<ProfilePart, Long> ages) {
        return new VmProfile(
                name,
                memory,
                vcpus,
                content.nonZeroPages,
                writes.dirtyCurve,
                content.spatialLocality,
                content.content,
                cpu.vcpuUse,
                cpu.heartbeatsPerSecond,
                residentMemory,
                dirtyRing,
                traffic,
                writes.dirtySource,
                by,
                ages);
    }

    /** The parts that are missing, old or estimated, as sentences with a space before each; empty when there are none. */
    public String caveats() {
        StringBuilder text = new StringBuilder();
        for (ProfilePart part : ProfilePart.values()) {
            Long age = agesMillis.get(part);
            if (age == null) {
                text.append(" It could not be measured %s.".formatted(part.words()));
            } else if (age > STALE_MILLIS) {
                text.append(" It was last measured %d s ago %s.".formatted(age / 1000, part.words()));
            }
        }
        if (dirtySource == DirtySource.SAMPLED_READS) {
            text.append(" How much it writes is an estimate from reading a sample of its memory several times.");
        }
        return text.toString();
    }

    /** Pages of 4 KiB that are all zeros. */
    public long zeroPages() {
        return memory.pages() - nonZeroPages;
    }
}
