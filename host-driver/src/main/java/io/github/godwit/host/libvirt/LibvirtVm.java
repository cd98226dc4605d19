package io.github.godwit.host.libvirt;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmLimits;
import io.github.godwit.host.vm.VmLimitsWatch;
import java.util.List;
import java.util.Optional;

/**
 * An active domain of libvirt on this host.
 *
 * @param uuid    its UUID in libvirt
 * @param running its definition, with its name here, and its process id
 * @param process its QEMU process
 * @param heartbeats those of its guest
 * @param monitor its monitor, through libvirt
 * @param libvirt the connection to libvirt
 * @param first   its limits until they have been read
 * @param watch   reads its limits
 * @param project UUID of the project of its server, as Nova wrote it into the domain
 */
public record LibvirtVm(
        String uuid,
        RunningVm running,
        ProcessIdentity process,
        HeartbeatSource heartbeats,
        Monitor monitor,
        LibvirtConnection libvirt,
        VmLimits first,
        VmLimitsWatch<LibvirtVm> watch,
        Optional<String> project)
        implements Vm {

    @Override
    public boolean alive() {
        return process.alive();
    }

    /** {@inheritDoc} Asks libvirt, not QEMU's monitor. */
    @Override
    public String state() {
        try {
            return libvirt.state(uuid).runState();
        } catch (LibvirtException e) {
            return "unknown";
        }
    }

    @Override
    public boolean inMigration() throws LibvirtException {
        return libvirt.state(uuid).inMigration()
                || libvirt.job(uuid).filter(JobStats::migrationOut).isPresent();
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
