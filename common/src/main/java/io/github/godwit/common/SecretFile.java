package io.github.godwit.common;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Set;

/** Files with a secret: tokens, passwords, private keys. One that other users can read, or put another secret into, is refused. */
public final class SecretFile {

    private static final Set<PosixFilePermission> REFUSED =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private SecretFile() {}

    /**
     * Reads a file.
     *
     * @param what what it holds, for errors, for example "token"
     * @return its text without the white space around it
     * @throws IOException              if it cannot be read
     * @throws IllegalArgumentException if others than its owner and its group can read it, or others than its owner can write it
     */
    public static String read(String what, Path file) throws IOException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!Collections.disjoint(permissions, REFUSED)) {
                throw new IllegalArgumentException(
                        "The %s in %s is open to other users (%s). Close it, and replace it if one of them may have seen it: chmod 600 %s"
                                .formatted(what, file, PosixFilePermissions.toString(permissions), file));
            }
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (NoSuchFileException e) {
            throw new IOException("The %s cannot be read: there is no file %s.".formatted(what, file), e);
        } catch (IOException e) {
            throw new IOException("The %s cannot be read from %s: %s".formatted(what, file, e), e);
        }
    }
}
