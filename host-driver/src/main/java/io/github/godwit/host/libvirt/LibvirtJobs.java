package io.github.godwit.host.libvirt;

import java.util.Optional;
import java.util.function.Consumer;

/** As libvirt tells. */
public final class LibvirtJobs implements DomainJobs {

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
}
