package io.github.godwit.host.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Installs and runs the scripts that change traffic rules; they outlive the host driver. Their directory also holds the leases,
 * whose lines are run as root, so nobody else may write to it.
 */
final class LeaseScript {

    private static final int LEASE_LOST = 3;
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Command command;
    private final Path directory;

    private LeaseScript(Command command, Path directory) {
        this.command = command;
        this.directory = directory;
    }

    /**
     * Installs the scripts.
     *
     * @throws IOException if the directory cannot be written to, or if its group or others may write to it
     */
    static LeaseScript install(Command command, Path stateDirectory) throws IOException {
        Files.createDirectories(
                stateDirectory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path directory = stateDirectory.toRealPath();
        if (Files.getPosixFilePermissions(directory).stream().anyMatch(OTHERS_WRITE::contains)) {
            throw new IOException(
                    "The state directory %s is writable by others, but its scripts run as root. Run 'chmod 700 %s'."
                            .formatted(directory, directory));
        }
        copy("lease.sh", directory);
        copy("probe.sh", directory);
        return new LeaseScript(command, directory);
    }

    /** The file of the lease of this name, whether or not the lease is taken. */
    Path file(String lease) {
        return directory.resolve(lease);
    }

    /**
     * Runs one verb of {@code lease.sh}.
     *
     * @param lines batch lines that begin with {@code ip} or {@code tc}
     * @throws LeaseLostException if the instance does not hold the lease any more
     * @throws IOException        if a line is refused
     */
    void run(String verb, String lease, String instance, List<String> lines) throws IOException {
        Command.Result result = command.run(
                List.of("sh", script("lease.sh"), verb, file(lease).toString(), instance),
                String.join("\n", lines) + "\n");
        if (result.exitCode() == LEASE_LOST) {
            throw new LeaseLostException(lease);
        }
        if (result.exitCode() != 0) {
            throw new IOException("Cannot %s the traffic rules of %s: %s".formatted(verb, lease, result.errorLine()));
        }
    }

    /** Starts the keeper of a lease in its own session, so that it outlives the host driver; it reads renewals from its stdin. */
    Process keep(String lease, String instance, Duration duration) throws IOException {
        String seconds = String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1000.0);
        return command.start(
                List.of("setsid", "sh", script("lease.sh"), "keep", file(lease).toString(), instance, seconds),
                ProcessBuilder.Redirect.DISCARD);
    }

    /** What this host lacks for reservations, one sentence without a full stop; empty if it lacks nothing. */
    String missing() throws IOException {
        Command.Result result = command.run(List.of("sh", script("probe.sh")), "");
        return result.exitCode() == 0 ? result.out().strip() : result.errorLine();
    }

    private String script(String name) {
        return directory.resolve(name).toString();
    }

    private static void copy(String name, Path directory) throws IOException {
        Path target = directory.resolve(name);
        Path fresh = Files.createTempFile(directory, name, ".new");
        try (InputStream script = LeaseScript.class.getResourceAsStream(name)) {
            Files.copy(script, fresh, StandardCopyOption.REPLACE_EXISTING);
            // Atomic, because a keeper of an earlier host driver may still be reading the old file.
            Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
