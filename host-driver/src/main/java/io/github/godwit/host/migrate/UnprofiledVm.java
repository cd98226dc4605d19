package io.github.godwit.host.migrate;

import io.github.godwit.model.DirtyCurve;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.PageContent;
import io.github.godwit.model.Traffic;
import io.github.godwit.model.VmProfile;
import io.github.godwit.model.VmProfile.DirtySource;
import io.github.godwit.model.api.VmDefinition;

/** A VM of which only the definition is known: enough to tell which techniques can run, at no cost to the VM. */
final class UnprofiledVm {

    private UnprofiledVm() {}

    static VmProfile of(VmDefinition vm) {
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
                DirtySource.PAGE_SAMPLING);
    }
}
