package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.common.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command lines and namespaces are drawn; the processes themselves are this one and its parent, which both run. */
class QemuProcessesTest {

    private static final String UUID = "0793895c-c6ba-45a8-bfa6-702f1057d822";
    private static final long HERE = ProcessHandle.current().pid();
    private static final long THERE =
            ProcessHandle.current().parent().orElseThrow().pid();

    @TempDir
    private Path proc;

    @BeforeEach
    void thisProgramIsInANamespace() throws IOException {
        namespace("self", "net:[1]");
    }

    private void namespace(String process, String network) throws IOException {
        Path directory = Files.createDirectories(proc.resolve(process).resolve("ns"));
        Files.createSymbolicLink(directory.resolve("net"), Path.of(network));
    }

    private void qemu(long pid) throws IOException {
        Path process = Files.createDirectories(proc.resolve(Long.toString(pid)));
        Files.writeString(
                process.resolve("cmdline"),
                "qemu-system-x86_64\0-name\0guest=db\0-uuid\0" + UUID + "\0-smp\0001\0",
                StandardCharsets.ISO_8859_1);
    }

    private Optional<Long> found() {
        return new QemuProcesses(proc).find(UUID).map(ProcessIdentity::pid);
    }

    @Test
    void itIsTheOneWithTheUuidOnItsCommandLine() throws IOException {
        qemu(HERE);
        namespace(Long.toString(HERE), "net:[1]");

        assertThat(found()).contains(HERE);
        assertThat(new QemuProcesses(proc).find(UUID.replace('0', '1'))).isEmpty();
    }

    @Test
    void theOneOfAnotherHostOnThisMachineIsNotMeant() throws IOException {
        qemu(HERE);
        namespace(Long.toString(HERE), "net:[1]");
        qemu(THERE);
        namespace(Long.toString(THERE), "net:[2]");
        assertThat(found()).contains(HERE);

        Files.delete(proc.resolve(Long.toString(HERE)).resolve("cmdline"));
        assertThat(found()).isEmpty();
    }

    @Test
    void oneWhoseNamespaceCannotBeReadMayBeMeant() throws IOException {
        qemu(HERE);

        assertThat(found()).contains(HERE);
    }
}
