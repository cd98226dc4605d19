package io.github.godwit.host.profile;

import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.model.profile.VmProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Profiles a running VM from outside, lightly enough that the VM does not feel it (SPEC G3, M1). A profile is made of what can be
 * had in time: a part that cannot is missing from {@link VmProfile#agesMillis()}.
 */
public interface VmProfiler {

    /** How long a profile may take where nobody waits for it at short notice; usually it takes two to three seconds. */
    Duration USUAL_PATIENCE = Duration.ofSeconds(15);

    /**
     * Profiles a VM.
     *
     * @param vm       the VM
     * @param qmp      its monitor
     * @param patience how long it may take
     * @param early    gets, as soon as there is one, a profile with all parts that are known by then, perhaps more than once
     * @throws IOException          when nothing can be measured, for example because the VM has ended
     * @throws InterruptedException when the thread is interrupted
     */
    VmProfile profile(RunningVm vm, Monitor qmp, Duration patience, Consumer<VmProfile> early)
            throws IOException, InterruptedException;

    /** The same for somebody who has time. */
    default VmProfile profile(RunningVm vm, Monitor qmp) throws IOException, InterruptedException {
        return profile(vm, qmp, USUAL_PATIENCE, early -> {});
    }
}
