package io.github.godwit.host.libvirt;

import java.util.Optional;
import java.util.function.Consumer;

/** The jobs of the domains on this host, of which migrations are some. */
public interface DomainJobs {

    /**
     * Listens to what happens to a domain, on libvirt's thread: it must return at once.
     *
     * @return ends the listening
     */
    Runnable listen(String uuid, Consumer<JobEvent> listener);

    /**
     * What a domain's running job has done so far, or nothing without one.
     *
     * @throws LibvirtException when there is no such domain here, or libvirt does not answer
     */
    Optional<JobStats> stats(String uuid) throws LibvirtException;

    /**
     * Ends a domain's job; a VM that was about to leave stays.
     *
     * @throws LibvirtException when there is no job, or it has switched to post-copy
     */
    void abort(String uuid) throws LibvirtException;
}
