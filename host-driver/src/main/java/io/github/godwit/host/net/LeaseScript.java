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
 * The scripts that change rules and that outlive the agent, installed in the agent's state directory. That directory also
 * holds the leases, whose lines run as root: nobody else may write there.
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
     * @throws IOException when the directory cannot be written, or when others may write there
     */
    static LeaseScript install(Command command, Path stateDirectory) throws IOException {
        Files.createDirectories(
                stateDirectory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path directory = stateDirectory.toRealPath();
        if (Files.getPosixFilePermissions(directory).stream().anyMatch(OTHERS_WRITE::contains)) {
            throw new IOException(
                    "The state directory %s can be written by others, and what is in it runs as root. Run 'chmod 700 %s'."
                            .formatted(directory, directory));
        }
        copy("lease.sh", directory);
        copy("probe.sh", directory);
        return new LeaseScript(command, directory);
    }

    /** Where the lease of this name is, taken or not. */
    Path file(String lease) {
        return directory.resolve(lease);
    }

    /**
     * Runs one verb of {@code lease.sh}.
     *
     * @param lines batch lines that begin with {@code ip} or {@code tc}
     * @throws LeaseLostException when the lease is no longer the instance's
     * @throws IOException        when a line is refused
     */
    void run(String verb, String lease, String instance, List<String> lines) throws IOException {
        Command.Result result = command.run(
                List.of("sh", script("lease.sh"), verb, file(lease).toString(), instance),
                String.join("\n", lines) + "\n");
        if (result.exitCode() == LEASE_LOST) {
            throw new LeaseLostException(lease);
        }
        if (result.exitCode() != 0) {
            throw new IOException("Cannot %s the traffic rules of %s: %s".formatted(verb, lease, result.complaint()));
        }
    }

    /** Starts the keeper of a lease in a session of its own, so that it outlives the agent; it listens on its stdin. */
    Process keep(String lease, String instance, Duration duration) throws IOException {
        String seconds = String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1000.0);
        return command.start(
                List.of("setsid", "sh", script("lease.sh"), "keep", file(lease).toString(), instance, seconds),
                ProcessBuilder.Redirect.DISCARD);
    }

    /** What this host lacks for reservations, or an empty text. */
    String missing() throws IOException {
        Command.Result result = command.run(List.of("sh", script("probe.sh")), "");
        return result.exitCode() == 0 ? result.out().strip() : result.complaint();
    }

    private String script(String name) {
        return directory.resolve(name).toString();
    }

    private static void copy(String name, Path directory) throws IOException {
        Path target = directory.resolve(name);
        Path fresh = Files.createTempFile(directory, name, ".new");
        try (InputStream script = LeaseScript.class.getResourceAsStream(name)) {
            Files.copy(script, fresh, StandardCopyOption.REPLACE_EXISTING);
            // A keeper may be reading the old one: it keeps it.
            Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
