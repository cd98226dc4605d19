package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.vm.HostedVm;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * QEMU's limit on what a vCPU may dirty. QEMU sets it for a migration with the capability {@code dirty-limit} and lifts it when
 * that completes, but not when it is cancelled: the vCPUs would sleep on for good.
 */
final class DirtyLimit {

    private static final Logger LOG = LoggerFactory.getLogger(DirtyLimit.class);

    private DirtyLimit() {}

    /** Lifts it from a VM that stays; QEMU does nothing where there is none. */
    static void lift(HostedVm vm) {
        try {
            vm.qmp().execute("cancel-vcpu-dirty-limit");
        } catch (IOException e) {
            LOG.warn("Whether VM '{}' is throttled still cannot be told: {}", vm.name(), e.getMessage());
        }
    }
}
