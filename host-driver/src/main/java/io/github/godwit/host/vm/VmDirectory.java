package io.github.godwit.host.vm;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where the sockets and files of one VM are.
 *
 * @param path the VM's directory below the agent's state directory
 */
public record VmDirectory(Path path) {

    private static final int LONGEST_SOCKET_PATH = 107;

    /**
     * @throws IllegalArgumentException when a socket's path would be longer than the kernel takes
     */
    public VmDirectory {
        int longest = path.resolve("heartbeat.sock").toString().getBytes(StandardCharsets.UTF_8).length;
        if (longest > LONGEST_SOCKET_PATH) {
            throw new IllegalArgumentException(
                    "The path %s is too long: its sockets would have %d bytes, the kernel takes %d. Shorten the VM's name or --state."
                            .formatted(path, longest, LONGEST_SOCKET_PATH));
        }
    }

    /** Unix socket of QEMU's monitor. */
    public Path qmpSocket() {
        return path.resolve("qmp.sock");
    }

    /** Unix socket on which the guest's heartbeats come out, one byte each: a rolling counter. */
    public Path heartbeatSocket() {
        return path.resolve("heartbeat.sock");
    }

    /** Unix socket of the guest's serial console. */
    public Path consoleSocket() {
        return path.resolve("console.sock");
    }

    /** What QEMU prints. */
    public Path log() {
        return path.resolve("qemu.log");
    }

    /** The agent's {@link VmRecord}. */
    Path record() {
        return path.resolve("vm.json");
    }
}
