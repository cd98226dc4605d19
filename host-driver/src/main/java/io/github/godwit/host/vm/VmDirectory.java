package io.github.godwit.host.vm;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The directory with the sockets and files of one VM.
 *
 * @param path its path, below the host driver's state directory
 */
public record VmDirectory(Path path) {

    /** Size of {@code sun_path} in Linux's {@code sockaddr_un}, without the terminating zero. */
    private static final int MAX_SOCKET_PATH_BYTES = 107;

    /**
     * Checks the length of the path.
     *
     * @throws IllegalArgumentException if the path of a socket would exceed the kernel's limit of 107 bytes
     */
    public VmDirectory {
        int longest = path.resolve("heartbeat.sock").toString().getBytes(StandardCharsets.UTF_8).length;
        if (longest > MAX_SOCKET_PATH_BYTES) {
            throw new IllegalArgumentException(
                    ("The path %s is too long: a socket in it would have %d bytes, the kernel's limit is %d."
                                    + " Shorten the VM's name or --state.")
                            .formatted(path, longest, MAX_SOCKET_PATH_BYTES));
        }
    }

    /** Unix socket of QEMU's monitor. */
    public Path qmpSocket() {
        return path.resolve("qmp.sock");
    }

    /** Unix socket on which QEMU passes on the guest's heartbeats: one byte each, a rolling counter. */
    public Path heartbeatSocket() {
        return path.resolve("heartbeat.sock");
    }

    /** Unix socket between this host driver and a QEMU that migrates, where pages wait on intermediaries. */
    public Path migrationSocket() {
        return path.resolve("migrate.sock");
    }

    /** File with what the rest of the VM's pages is fetched by after a restart, where they wait on intermediaries. */
    public Path gathering() {
        return path.resolve("gather.json");
    }

    /** Unix socket of the guest's serial console. */
    public Path consoleSocket() {
        return path.resolve("console.sock");
    }

    /** File with the standard output and standard error of QEMU. */
    public Path log() {
        return path.resolve("qemu.log");
    }

    /**
     * Name of the tap of the VM's network interface. It is made from the whole path, so that host drivers that share a network
     * namespace do not share taps, and has the 15 characters that Linux allows.
     */
    public String tap() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(path.toString().getBytes(StandardCharsets.UTF_8));
            return "gwt" + HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }

    /** File with the {@link VmRecord}. */
    Path record() {
        return path.resolve("vm.json");
    }
}
