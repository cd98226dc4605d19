package io.github.godwit.host.profile;

import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.profile.VmProfile.DirtySource;
import io.github.godwit.model.unit.MemorySize;
import java.util.EnumMap;
import java.util.Map;

/** Collects the parts of a profile; a part is unknown until it is set. Not safe for several threads. */
final class ProfileDraft {

    private final RunningVm vm;
    private final Traffic traffic;
    private final Map<ProfilePart, Long> ages = new EnumMap<>(ProfilePart.class);
    private MemorySize resident = new MemorySize(0);
    private long nonZeroPages;
    private PageContent content = PageContent.UNKNOWN;
    private double spatialLocality;
    private DirtyCurve curve = DirtyCurve.idle();
    private DirtySource source = DirtySource.NONE;
    private double vcpuUse;
    private double heartbeatsPerSecond;

    ProfileDraft(RunningVm vm, Traffic traffic) {
        this.vm = vm;
        this.traffic = traffic;
        this.nonZeroPages = vm.definition().memory().pages();
    }

    void resident(MemorySize memory) {
        resident = memory;
    }

    void content(MemoryFindings findings) {
        nonZeroPages = Math.min(vm.definition().memory().pages(), findings.nonZeroPages());
        content = findings.content();
        spatialLocality = findings.spatialLocality();
        ages.put(ProfilePart.CONTENT, 0L);
    }

    void writes(DirtyCurve measured, DirtySource by) {
        curve = measured;
        source = by;
        ages.put(ProfilePart.WRITES, 0L);
    }

    void cpu(double cores, double heartbeats) {
        vcpuUse = cores;
        heartbeatsPerSecond = heartbeats;
        ages.put(ProfilePart.VCPU_USE, 0L);
    }

    /** Number of pages that the VM can dirty at most: its non-zero pages, or all pages while these are unknown. */
    long limitPages() {
        return nonZeroPages;
    }

    VmProfile profile() {
        return new VmProfile(
                vm.definition().name(),
                vm.definition().memory(),
                vm.definition().vcpus(),
                nonZeroPages,
                curve,
                spatialLocality,
                content,
                vcpuUse,
                heartbeatsPerSecond,
                resident,
                vm.definition().dirtyRingSize() > 0,
                traffic,
                source,
                vm.definition().accelerator(),
                ages);
    }
}
