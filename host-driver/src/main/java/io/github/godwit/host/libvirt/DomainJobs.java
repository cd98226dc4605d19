package io.github.godwit.host.libvirt;

import java.util.Optional;
import java.util.function.Consumer;

/** The jobs of the domains on this host; a migration is one kind of job. */
public interface DomainJobs {

    /**
     * Sets the listener for the events of a domain. It is called on libvirt's thread and must not block.
     *
     * @return removes the listener
     */
    Runnable listen(String uuid, Consumer<JobEvent> listener);

    /**
     * Statistics of a domain's running job; empty if it has none.
     *
     * @throws LibvirtException if there is no such domain on this host, or libvirt fails
     */
    Optional<JobStats> stats(String uuid) throws LibvirtException;

    /**
     * Aborts a domain's job; an aborted migration leaves the VM on this host.
     *
     * @throws LibvirtException if there is no job, or if it is a migration in post-copy
     */
    void abort(String uuid) throws LibvirtException;

    /**
     * A domain's own limit of migrations, in MiB/s.
     *
     * @throws LibvirtException if there is no such domain on this host, or libvirt fails
     */
    long speedLimit(String uuid) throws LibvirtException;

    /**
     * Limits the migrations of a domain, also one that runs, until {@link #restoreSpeed}.
     *
     * @param mebibytesPerSecond the limit
     * @param postcopy           whether it is that of post-copy
     * @throws LibvirtException if there is no such domain on this host, or libvirt fails
     */
    void limitSpeed(String uuid, long mebibytesPerSecond, boolean postcopy) throws LibvirtException;

    /**
     * Gives a domain its own limit back, if that was replaced. A domain that has left this host is forgotten.
     *
     * @throws LibvirtException if libvirt fails; then its own limit is still known
     */
    void restoreSpeed(String uuid) throws LibvirtException;
}
