package io.github.godwit.host.vm;

import io.github.godwit.model.profile.VmDefinition;
import java.nio.file.Path;

/**
 * A VM with a QEMU process on this host.
 *
 * @param definition the definition that it was started from
 * @param pid        process id of its QEMU
 * @param directory  the VM's directory below the host driver's state directory; of no use for VMs of libvirt
 */
public record RunningVm(VmDefinition definition, long pid, Path directory) {

    /** Unix socket of QEMU's monitor. */
    public Path qmpSocket() {
        return files().qmpSocket();
    }

    /** Unix socket on which QEMU passes on the guest's heartbeats: one byte each, a rolling counter. */
    public Path heartbeatSocket() {
        return files().heartbeatSocket();
    }

    /** Unix socket between this host driver and a QEMU that migrates, where pages wait on intermediaries. */
    public Path migrationSocket() {
        return files().migrationSocket();
    }

    /** File with what the rest of its pages is fetched by after a restart, where they wait on intermediaries. */
    public Path gathering() {
        return files().gathering();
    }

    /** Unix socket of the guest's serial console. */
    public Path consoleSocket() {
        return files().consoleSocket();
    }

    /** File with the standard output and standard error of QEMU. */
    public Path log() {
        return files().log();
    }

    private VmDirectory files() {
        return new VmDirectory(directory);
    }
}
