package io.github.godwit.host.nova.reserve;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.LibvirtException;
import io.github.godwit.host.migrate.rate.SpeedLimit;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limit of a migration that libvirt runs, never above the domain's own ({@code virsh migrate-setspeed}) and the {@link SpeedCeiling}.
 * libvirt remembers the limit of pre-copy in the domain and uses it for the next migration, so that it is put back where the VM stays. Each
 * call has libvirt's deadline. Safe for use by several threads.
 */
public final class LibvirtSpeedLimit implements SpeedLimit {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtSpeedLimit.class);

    private final DomainJobs jobs;
    private final String vm;
    private final boolean postcopy;
    private final SpeedCeiling ceiling;
    private final BooleanSupplier begun;
    private OptionalLong own = OptionalLong.empty();
    private long most;
    private boolean restored;

    /**
     * The limit of a domain's migration.
     *
     * @param postcopy whether the migration goes over to post-copy
     * @param begun    whether QEMU sends
     */
    public LibvirtSpeedLimit(
            DomainJobs jobs, String vm, boolean postcopy, SpeedCeiling ceiling, BooleanSupplier begun) {
        this.jobs = jobs;
        this.vm = vm;
        this.postcopy = postcopy;
        this.ceiling = ceiling;
        this.begun = begun;
    }

    /** {@inheritDoc} Before QEMU sends, libvirt replaces the limit by the one that Nova asks for. */
    @Override
    public boolean holds() {
        return begun.getAsBoolean();
    }

    @Override
    public synchronized void set(long mebibytesPerSecond) throws IOException {
        if (restored) {
            return;
        }
        if (own.isEmpty()) {
            long found = jobs.speedLimit(vm);
            most = Math.min(found > 0 ? found : Long.MAX_VALUE, ceiling.mebibytes());
            own = OptionalLong.of(found);
        }
        long limit = Math.min(most, mebibytesPerSecond);
        jobs.limitSpeed(vm, limit, false);
        if (postcopy) {
            jobs.limitSpeed(vm, limit, true);
        }
    }

    /** Puts the domain's own limit back; none is set any more afterwards. */
    public synchronized void restore() {
        if (restored || own.isEmpty()) {
            restored = true;
            return;
        }
        restored = true;
        try {
            jobs.restoreSpeed(vm);
        } catch (LibvirtException e) {
            LOG.warn(
                    "Cannot put the migration limit of VM {} back to {} MiB/s (virsh migrate-setspeed); the next start tries again: {}",
                    vm,
                    own.getAsLong(),
                    e.getMessage());
        }
    }
}
