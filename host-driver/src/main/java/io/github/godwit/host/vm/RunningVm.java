package io.github.godwit.host.vm;

import io.github.godwit.model.profile.VmDefinition;
import java.nio.file.Path;

/**
 * A VM with a QEMU process on this host, and where its sockets and files are.
 *
 * @param definition what it was started from
 * @param pid        QEMU's process id
 * @param directory  the VM's directory below the agent's state directory
 */
public record RunningVm(VmDefinition definition, long pid, Path directory) {

    /** Unix socket of QEMU's monitor. */
    public Path qmpSocket() {
        return files().qmpSocket();
    }

    /** Unix socket on which the guest's heartbeats come out, one byte each: a rolling counter. */
    public Path heartbeatSocket() {
        return files().heartbeatSocket();
    }

    /** Unix socket of the guest's serial console. */
    public Path consoleSocket() {
        return files().consoleSocket();
    }

    /** What QEMU prints. */
    public Path log() {
        return files().log();
    }

    private VmDirectory files() {
        return new VmDirectory(directory);
    }
}
