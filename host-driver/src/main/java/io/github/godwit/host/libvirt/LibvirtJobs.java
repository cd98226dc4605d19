package io.github.godwit.host.libvirt;

import java.util.Optional;
import java.util.function.Consumer;

/** The jobs of the domains on this host, of which migrations are some. */
public final class LibvirtJobs {

    private final LibvirtConnection libvirt;
    private final DomainEvents events;

    /**
     * @param libvirt the connection
     * @param events  what it tells
     */
    public LibvirtJobs(LibvirtConnection libvirt, DomainEvents events) {
        this.libvirt = libvirt;
        this.events = events;
    }

    /**
     * Listens to what happens to a domain, on libvirt's thread: it must return at once.
     *
     * @return ends the listening
     */
    public Runnable listen(String uuid, Consumer<JobEvent> listener) {
        events.listen(uuid, listener);
        return () -> events.unlisten(uuid);
    }

    /**
     * What a domain's running job has done so far, or nothing without one.
     *
     * @throws LibvirtException when there is no such domain here, or libvirt does not answer
     */
    public Optional<JobStats> stats(String uuid) throws LibvirtException {
        return libvirt.job(uuid);
    }

    /**
     * Ends a domain's job; a VM that was about to leave stays.
     *
     * @throws LibvirtException when there is no job, or it has switched to post-copy
     */
    public void abort(String uuid) throws LibvirtException {
        libvirt.abortJob(uuid);
    }
}
