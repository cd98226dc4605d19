package io.github.godwit.host.profile;

import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.model.VmProfile;
import java.io.IOException;

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
    VmProfile profile(RunningVm vm, Monitor qmp) throws IOException, InterruptedException;
}
