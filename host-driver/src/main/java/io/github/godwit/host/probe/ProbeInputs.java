package io.github.godwit.host.probe;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the result of a probe depends on. Reading it is cheap; the host is probed again when it has changed.
 *
 * @param binary      identity of QEMU's binary: device, inode, size and time of its last change; empty if it cannot be found
 * @param userfaultfd who may use userfaultfd
 * @param account     the user as which libvirt runs QEMU; empty for the user of this program
 */
public record ProbeInputs(String binary, UserfaultfdAccess userfaultfd, Optional<QemuAccount> account) {

    /**
     * The inputs as they are now.
     *
     * @param qemu    QEMU's system emulator, a name on the PATH or a path
     * @param account the user as which libvirt runs QEMU
     */
    public static ProbeInputs now(String qemu, Optional<QemuAccount> account) {
        return new ProbeInputs(identity(qemu, System.getenv("PATH")), UserfaultfdAccess.read(), account);
    }

    static String identity(String qemu, String path) {
        return Arrays.stream(qemu.contains("/") ? new String[] {""} : path.split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, qemu))
                .filter(Files::isExecutable)
                .findFirst()
                .map(ProbeInputs::identity)
                .orElse("");
    }

    private static String identity(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return "%s %d %s".formatted(found.fileKey(), found.size(), found.lastModifiedTime());
        } catch (IOException e) {
            return "";
        }
    }
}
