package io.github.godwit.host.nova.reserve;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.LibvirtException;
import io.github.godwit.host.migrate.rate.SpeedLimit;
import java.io.IOException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limit of a migration that libvirt runs. libvirt remembers the limit of pre-copy in the domain and uses it for the next migration, so
 * that it is put back where the VM stays. Each call has libvirt's deadline. Safe for use by several threads.
 */
public final class LibvirtSpeedLimit implements SpeedLimit {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtSpeedLimit.class);

    private final DomainJobs jobs;
    private final String vm;
    private final boolean postcopy;
    private OptionalLong before = OptionalLong.empty();
    private boolean restored;

    /**
     * The limit of a domain's migration.
     *
     * @param postcopy whether the migration goes over to post-copy
     */
    public LibvirtSpeedLimit(DomainJobs jobs, String vm, boolean postcopy) {
        this.jobs = jobs;
        this.vm = vm;
        this.postcopy = postcopy;
    }

    @Override
    public synchronized void set(long mebibytesPerSecond) throws IOException {
        if (restored) {
            return;
        }
        if (before.isEmpty()) {
            before = OptionalLong.of(jobs.speedLimit(vm));
        }
        jobs.limitSpeed(vm, mebibytesPerSecond, false);
        if (postcopy) {
            jobs.limitSpeed(vm, mebibytesPerSecond, true);
        }
    }

    /** Puts the domain's own limit back; none is set any more afterwards. */
    public synchronized void restore() {
        restored = true;
        if (before.isEmpty()) {
            return;
        }
        try {
            jobs.limitSpeed(vm, before.getAsLong(), false);
        } catch (LibvirtException e) {
            LOG.warn(
                    "Cannot put the migration limit of VM {} back to {} MiB/s (virsh migrate-setspeed): {}",
                    vm,
                    before.getAsLong(),
                    e.getMessage());
        }
    }
}
