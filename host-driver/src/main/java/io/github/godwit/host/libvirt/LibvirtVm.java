package io.github.godwit.host.libvirt;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmLimits;
import io.github.godwit.host.vm.VmLimitsWatch;
import io.github.godwit.hostapi.Heartbeats;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An active domain of libvirt on this host.
 *
 * @param running its definition, named by its UUID, and its process id
 * @param process its QEMU process
 * @param monitor its monitor, through libvirt
 * @param libvirt the connection to libvirt
 * @param first   its limits until they have been read
 * @param watch   reads its limits
 * @param project UUID of the project of its server, as Nova wrote it into the domain
 */
record LibvirtVm(
        RunningVm running,
        ProcessIdentity process,
        Monitor monitor,
        LibvirtConnection libvirt,
        VmLimits first,
        VmLimitsWatch<LibvirtVm> watch,
        Optional<String> project)
        implements Vm {

    private static final HeartbeatSource SILENT = new HeartbeatSource() {
        @Override
        public Heartbeats since(Instant from) {
            return Heartbeats.NONE;
        }

        @Override
        public void close() {}
    };

    /** No heartbeats: the guests of Nova's servers do not send any. */
    @Override
    public HeartbeatSource heartbeats() {
        return SILENT;
    }

    @Override
    public boolean alive() {
        return process.alive();
    }

    /** {@inheritDoc} Asks libvirt, not QEMU's monitor. */
    @Override
    public String state() {
        try {
            return libvirt.state(name()).runState();
        } catch (LibvirtException e) {
            return "unknown";
        }
    }

    @Override
    public boolean inMigration() throws LibvirtException {
        return libvirt.state(name()).inMigration()
                || libvirt.job(name()).filter(JobStats::migrationOut).isPresent();
    }

    @Override
    public VmLimits limits() {
        return watch.of(running.pid(), first);
    }

    /** {@inheritDoc} Read again once a minute, because devices are plugged and unplugged. */
    @Override
    public List<String> taps() {
        return limits().taps();
    }

    @Override
    public Optional<String> migration() {
        return Optional.empty();
    }
}
