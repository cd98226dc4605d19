package io.github.godwit.host.libvirt;

import java.util.Optional;
import java.util.function.Consumer;

/** The jobs of the domains of a libvirt daemon. */
public final class LibvirtJobs implements DomainJobs {

    private final LibvirtConnection libvirt;
    private final DomainEvents events;

    /**
     * Creates the jobs of one daemon.
     *
     * @param libvirt the connection to the daemon
     * @param events  the events of that connection
     */
    public LibvirtJobs(LibvirtConnection libvirt, DomainEvents events) {
        this.libvirt = libvirt;
        this.events = events;
    }

    @Override
    public Runnable listen(String uuid, Consumer<JobEvent> listener) {
        events.listen(uuid, listener);
        return () -> events.unlisten(uuid);
    }

    @Override
    public Optional<JobStats> stats(String uuid) throws LibvirtException {
        return libvirt.job(uuid);
    }

    @Override
    public void abort(String uuid) throws LibvirtException {
        libvirt.abortJob(uuid);
    }

    @Override
    public long speedLimit(String uuid) throws LibvirtException {
        return libvirt.speedLimit(uuid);
    }

    @Override
    public void limitSpeed(String uuid, long mebibytesPerSecond, boolean postcopy) throws LibvirtException {
        libvirt.limitSpeed(uuid, mebibytesPerSecond, postcopy);
    }
}
