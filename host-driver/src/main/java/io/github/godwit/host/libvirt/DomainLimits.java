package io.github.godwit.host.libvirt;

import io.github.godwit.host.libvirt.DomainDevices.FileDisk;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.MountTable;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.VmLimits;
import io.github.godwit.host.vm.VmLimitsReader;
import io.github.godwit.model.technique.ServerTraits;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the limits of a domain, and its taps: from its XML, from libvirt's figures about its disks, and from its QEMU. */
final class DomainLimits {

    private static final Logger LOG = LoggerFactory.getLogger(DomainLimits.class);

    private final LibvirtConnection libvirt;
    private final Path proc;
    private final Predicate<LibvirtVm> askable;
    private final VmLimitsReader reader;

    /**
     * Reads the limits of this daemon's domains.
     *
     * @param askable whether the monitor of a domain may be used: that taints it, and waits for the end of its migration
     */
    DomainLimits(LibvirtConnection libvirt, Path proc, Predicate<LibvirtVm> askable) {
        this.libvirt = libvirt;
        this.proc = proc;
        this.askable = askable;
        this.reader = new VmLimitsReader(proc);
    }

    /** What the XML of a domain and its disks show, before its QEMU was asked. */
    VmLimits first(String uuid, RunningVm running, String xml) throws LibvirtException {
        DomainDevices devices = DomainDevices.read(xml, version());
        return new VmLimits(
                diskBytes(uuid, running, devices, 0), null, new ServerTraits(devices.traits(), null), devices.taps());
    }

    private Version version() throws LibvirtException {
        return libvirt.version();
    }

    /** Reads everything; if libvirt does not answer, what was known stays. */
    VmLimits read(LibvirtVm vm) {
        try {
            DomainDevices devices = DomainDevices.read(libvirt.xml(vm.uuid()), version());
            return reader.read(
                            vm.running().pid(),
                            () -> monitor(vm),
                            devices.traits(),
                            diskBytes(
                                    vm.uuid(),
                                    vm.running(),
                                    devices,
                                    vm.limits().diskBytes()))
                    .withTaps(devices.taps());
        } catch (LibvirtException e) {
            LOG.debug("Cannot read the devices of domain {}", vm.name(), e);
            return vm.limits();
        }
    }

    private Monitor monitor(LibvirtVm vm) throws QmpException {
        if (!askable.test(vm)) {
            throw new QmpException("The monitor of domain %s must not be used now.".formatted(vm.name()), false, null);
        }
        return vm.monitor();
    }

    private long diskBytes(String uuid, RunningVm vm, DomainDevices devices, long otherwise) {
        long bytes = 0;
        try {
            MountTable mounts = MountTable.of(proc, vm.pid());
            for (FileDisk disk : devices.disks()) {
                if (isLocal(Path.of(disk.file()), mounts)) {
                    bytes += libvirt.occupied(uuid, disk);
                }
            }
        } catch (IOException e) {
            LOG.debug("The size of the disks of domain {} is unknown", uuid, e);
            return otherwise;
        }
        return bytes;
    }

    /** A link on a local file system may lead to a shared one. */
    private static boolean isLocal(Path file, MountTable mounts) {
        if (!mounts.isLocal(file)) {
            return false;
        }
        try {
            return mounts.isLocal(file.toRealPath());
        } catch (IOException e) {
            return true; // a path of a container
        }
    }
}
