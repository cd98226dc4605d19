package io.github.godwit.host.profile;

import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.model.VmProfile;
import java.io.IOException;
import java.util.function.Consumer;

/** Looks at a running VM from outside, lightly enough that the VM does not feel it (SPEC G3, M1). */
public interface VmProfiler {

    /**
     * Profiles a VM; takes two to three seconds.
     *
     * @param vm  the VM
     * @param qmp its monitor
     * @throws IOException          when the VM cannot be looked at, for example because it ended meanwhile
     * @throws InterruptedException when the thread is interrupted
     */
    default VmProfile profile(RunningVm vm, Monitor qmp) throws IOException, InterruptedException {
        return profile(vm, qmp, early -> {});
    }

    /**
     * The same for somebody in a hurry.
     *
     * @param early gets, after half of the time, what is known by then
     */
    VmProfile profile(RunningVm vm, Monitor qmp, Consumer<VmProfile> early) throws IOException, InterruptedException;
}
