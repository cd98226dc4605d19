package io.github.godwit.host.libvirt;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The domains' own limits of migrations that were replaced for a migration, one file each. libvirt keeps such a limit in the domain, so that
 * the next host driver has to put it back if this one is killed.
 */
final class ReplacedLimits {

    private static final Logger LOG = LoggerFactory.getLogger(ReplacedLimits.class);

    private final Path directory;

    /** The limits in a directory, which need not exist. */
    ReplacedLimits(Path directory) {
        this.directory = directory;
    }

    /**
     * Keeps a domain's own limit, unless one is kept already.
     *
     * @throws IOException if it cannot be written; then the limit must not be replaced
     */
    void keep(String uuid, long mebibytesPerSecond) throws IOException {
        if (of(uuid).isEmpty()) {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(uuid), Long.toString(mebibytesPerSecond));
        }
    }

    /** A domain's own limit in MiB/s; empty if it was not replaced. */
    OptionalLong of(String uuid) {
        try {
            Path file = directory.resolve(uuid);
            return Files.exists(file)
                    ? OptionalLong.of(Long.parseLong(Files.readString(file).strip()))
                    : OptionalLong.empty();
        } catch (IOException | NumberFormatException e) {
            LOG.warn("Cannot read which limit of migrations domain {} had: {}", uuid, e.toString());
            return OptionalLong.empty();
        }
    }

    /** Forgets a domain, whose own limit holds again. */
    void forget(String uuid) {
        try {
            Files.deleteIfExists(directory.resolve(uuid));
        } catch (IOException e) {
            LOG.warn("Cannot forget the limit of migrations of domain {}: {}", uuid, e.toString());
        }
    }

    /** UUIDs of the domains whose limits were replaced. */
    List<String> all() {
        List<String> uuids = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return uuids;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            files.forEach(file -> uuids.add(file.getFileName().toString()));
        } catch (IOException e) {
            LOG.warn("Cannot list the replaced limits of migrations in {}: {}", directory, e.toString());
        }
        return uuids;
    }
}
