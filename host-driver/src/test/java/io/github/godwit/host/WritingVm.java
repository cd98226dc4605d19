package io.github.godwit.host;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.profile.VmProfile.DirtySource;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
import java.util.Map;

/** The profile of a VM of 256 MiB that writes some 35 MB/s. */
public final class WritingVm {

    private WritingVm() {}

    /** Its definition. */
    public static VmDefinition definition(String name) {
        return new VmDefinition(name, MemorySize.parse("256M"), 1, "libvirt", "", Accelerator.KVM, 0);
    }

    /** Its profile. */
    public static VmProfile named(String name) {
        return new VmProfile(
                name,
                MemorySize.parse("256M"),
                1,
                32_768,
                new DirtyCurve(List.of(new DirtyCurve.Point(0.1, 1_500), new DirtyCurve.Point(1, 9_000)), 32_768),
                0.1,
                new PageContent(0.5, 0.55, 0.55, 64),
                0.5,
                0,
                MemorySize.parse("168M"),
                false,
                Traffic.NONE,
                DirtySource.DIRTY_BITMAP,
                Accelerator.KVM,
                VmProfile.FRESH);
    }

    /**
     * Its profile with only some of the parts.
     *
     * @param agesMillis the age of each known part, in ms
     */
    public static VmProfile known(String name, Map<ProfilePart, Long> agesMillis) {
        VmProfile whole = named(name);
        boolean writes = agesMillis.containsKey(ProfilePart.WRITES);
        boolean content = agesMillis.containsKey(ProfilePart.CONTENT);
        return new VmProfile(
                name,
                whole.memory(),
                whole.vcpus(),
                content ? whole.nonZeroPages() : whole.memory().pages(),
                writes ? whole.dirtyCurve() : DirtyCurve.idle(),
                writes ? whole.spatialLocality() : 0,
                content ? whole.content() : PageContent.UNKNOWN,
                agesMillis.containsKey(ProfilePart.VCPU_USE) ? whole.vcpuUse() : 0,
                whole.heartbeatsPerSecond(),
                whole.residentMemory(),
                whole.dirtyRing(),
                whole.traffic(),
                writes ? whole.dirtySource() : DirtySource.NONE,
                whole.accelerator(),
                agesMillis);
    }
}
