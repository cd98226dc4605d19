package io.github.godwit.host.profile;

import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.model.profile.VmProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Profiles a running VM from outside the guest, with little effect on it, as [FGCS 2025] requires. A profile contains the parts that
 * could be measured in time; the others are missing from {@link VmProfile#agesMillis()}.
 */
public interface VmProfiler {

    /** How long a profile may take if it is not urgent; usually it takes two to three seconds. */
    Duration USUAL_PATIENCE = Duration.ofSeconds(15);

    /**
     * Profiles a VM.
     *
     * @param vm       the VM
     * @param qmp      its monitor
     * @param patience how long profiling may take
     * @param early    receives incomplete profiles, with the parts that are known so far; none, one or several
     * @throws IOException          if no part can be measured, for example because the VM has ended
     * @throws InterruptedException if the thread is interrupted
     */
    VmProfile profile(RunningVm vm, Monitor qmp, Duration patience, Consumer<VmProfile> early)
            throws IOException, InterruptedException;

    /** Profiles a VM within {@link #USUAL_PATIENCE}; see {@link #profile(RunningVm, Monitor, Duration, Consumer)}. */
    default VmProfile profile(RunningVm vm, Monitor qmp) throws IOException, InterruptedException {
        return profile(vm, qmp, USUAL_PATIENCE, early -> {});
    }
}
