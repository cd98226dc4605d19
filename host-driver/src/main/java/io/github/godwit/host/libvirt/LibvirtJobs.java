package io.github.godwit.host.libvirt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs of the domains of a libvirt daemon. */
public final class LibvirtJobs implements DomainJobs {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtJobs.class);

    private final LibvirtConnection libvirt;
    private final DomainEvents events;
    private final ReplacedLimits replaced;

    /**
     * Creates the jobs of one daemon.
     *
     * @param libvirt the connection to the daemon
     * @param events  the events of that connection
     * @param limits  directory that keeps the domains' own limits while others hold
     */
    public LibvirtJobs(LibvirtConnection libvirt, DomainEvents events, Path limits) {
        this.libvirt = libvirt;
        this.events = events;
        this.replaced = new ReplacedLimits(limits);
    }

    /** Gives the domains of this host the limits back that a host driver replaced which was killed; to be called at its next start. */
    public void restoreSpeeds() {
        List<String> left = replaced.all();
        if (left.isEmpty()) {
            return;
        }
        try {
            for (String uuid : left) {
                restoreSpeed(uuid);
            }
        } catch (LibvirtException e) {
            LOG.warn(
                    "Domains {} keep the limits of migrations that a host driver set which was killed (virsh migrate-setspeed): {}",
                    left,
                    e.getMessage());
        }
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
        OptionalLong own = replaced.of(uuid);
        return own.isPresent() ? own.getAsLong() : libvirt.speedLimit(uuid);
    }

    @Override
    public void limitSpeed(String uuid, long mebibytesPerSecond, boolean postcopy) throws LibvirtException {
        try {
            replaced.keep(uuid, speedLimit(uuid));
        } catch (IOException e) {
            throw new LibvirtException("The limit of domain %s stays: cannot keep its own one: %s".formatted(uuid, e));
        }
        libvirt.limitSpeed(uuid, mebibytesPerSecond, postcopy);
    }

    @Override
    public void restoreSpeed(String uuid) throws LibvirtException {
        OptionalLong own = replaced.of(uuid);
        if (own.isPresent() && libvirt.running().contains(uuid)) {
            libvirt.limitSpeed(uuid, own.getAsLong(), false);
            LOG.info("Domain {} has its own limit of migrations again", uuid);
        }
        replaced.forget(uuid);
    }
}
