package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * nova-compute in a container, as kolla runs it: it sees the socket's directory in a root of its own, and its user has no name on the host.
 * docs/deployments.md says what follows.
 */
@SuppressWarnings("try") // the socket listens as long as the block lasts
class ContainedComputeIT {

    /** The user nova of kolla's images. */
    private static final int NOVA = 42_436;

    private static final int NO_NAMESPACE = 0;

    /** Where the user ids of a container with a user namespace begin on the host. */
    private static final int FIRST = 165_536;

    @TempDir
    private Path directory;

    private Path container;

    @BeforeEach
    void write() throws IOException {
        container = directory.resolve("compute-container.py");
        try (InputStream script = ContainedComputeIT.class.getResourceAsStream("compute-container.py")) {
            Files.copy(script, container);
        }
        // The host's root does not count in a user namespace; everybody passes, as through /run.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        // As systemd makes RuntimeDirectory.
        Files.createDirectory(
                directory.resolve("godwit"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    private ComputeSocket socket(String user) throws IOException {
        return new ComputeSocket(
                directory.resolve("godwit/host.sock"),
                Set.of(user),
                message -> MigrationAdvice.own("to " + message.destination()));
    }

    /** Returns what the host driver answers a container. */
    private String answer(int user, int firstOnHost) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "python3",
                        container.toString(),
                        directory.resolve("godwit").toString(),
                        String.valueOf(user),
                        String.valueOf(firstOnHost))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return answer;
    }

    @Test
    void aUserWithoutANameOnTheHostIsNamedByItsId() throws Exception {
        try (ComputeSocket open = socket(String.valueOf(NOVA))) {
            assertThat(answer(NOVA, NO_NAMESPACE)).contains("to c2");
            assertThat(answer(NOVA + 1, NO_NAMESPACE)).isEmpty();
        }
        try (ComputeSocket open = socket("nova")) {
            assertThat(answer(NOVA, NO_NAMESPACE)).isEmpty();
        }
    }

    @Test
    void inAUserNamespaceTheIdOnTheHostCounts() throws Exception {
        try (ComputeSocket open = socket(String.valueOf(FIRST + NOVA))) {
            assertThat(answer(NOVA, FIRST)).contains("to c2");
        }
        try (ComputeSocket open = socket(String.valueOf(NOVA))) {
            assertThat(answer(NOVA, FIRST)).isEmpty();
        }
    }

    @Test
    void theRootOfAUserNamespaceIsNotTheRootOfTheHost() throws Exception {
        try (ComputeSocket open = socket("root")) {
            assertThat(answer(0, NO_NAMESPACE)).contains("to c2");
            assertThat(answer(0, FIRST)).isEmpty();
        }
    }
}
