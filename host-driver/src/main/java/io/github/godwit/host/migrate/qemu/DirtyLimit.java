package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.vm.HostedVm;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * QEMU's limit on the dirty page rate of each vCPU. QEMU sets it for a migration with the capability {@code dirty-limit} and cancels it
 * when that migration completes, but not when it is cancelled: the vCPUs would stay throttled for ever.
 */
final class DirtyLimit {

    private static final Logger LOG = LoggerFactory.getLogger(DirtyLimit.class);

    private DirtyLimit() {}

    /** Cancels the limit of a VM that stays on this host, if it can have one. A failure is only logged. */
    static void lift(HostedVm vm) {
        if (vm.running().definition().dirtyRingSize() == 0) {
            return; // QEMU limits by the dirty ring only, and before 7.1 it does not know the command
        }
        try {
            vm.qmp().execute("cancel-vcpu-dirty-limit");
        } catch (IOException e) {
            LOG.warn(
                    "Cannot cancel the dirty limit of VM '{}': {}. It may stay throttled; run cancel-vcpu-dirty-limit on its monitor",
                    vm.name(),
                    e.getMessage());
        }
    }
}
