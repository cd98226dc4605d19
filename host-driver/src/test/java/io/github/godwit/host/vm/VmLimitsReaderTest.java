package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.model.technique.RunningQemu;
import io.github.godwit.model.technique.ServerTrait;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a VM's process and its monitor say about its migration. */
class VmLimitsReaderTest {

    private static final String CAPABILITIES = """
            [{"capability": "xbzrle", "state": false}, {"capability": "x-ignore-shared", "state": %s}]""";

    @TempDir
    private Path directory;

    private final Map<String, String> answers = new HashMap<>(Map.of(
            "query-migrate", "{}",
            "query-migrate-capabilities", CAPABILITIES.formatted("false"),
            "query-version", "{\"qemu\": {\"major\": 7, \"minor\": 2, \"micro\": 1}}"));
    private VmLimitsReader reader;
    private Path binary;

    @BeforeEach
    void startProcess() throws IOException {
        Path process = Files.createDirectories(directory.resolve("proc/7"));
        binary = Files.writeString(directory.resolve("qemu"), "7.2");
        Files.createSymbolicLink(process.resolve("exe"), binary);
        reader = new VmLimitsReader(directory.resolve("proc"));
    }

    /** The kernel's link stays at the old file, whose name it shows with a suffix. */
    private void replaceBinary() throws IOException {
        Path exe = directory.resolve("proc/7/exe");
        Files.delete(exe);
        Files.createSymbolicLink(exe, Path.of(binary + " (deleted)"));
    }

    private Monitor monitor() {
        return new Monitor() {
            @Override
            public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException {
                String answer = answers.get(command);
                if (answer == null) {
                    throw new QmpException("QEMU did not answer " + command, false, null);
                }
                try {
                    return new ObjectMapper().readTree(answer);
                } catch (IOException e) {
                    throw new QmpException("no JSON", false, e);
                }
            }

            @Override
            public MonitorPace pace() {
                return new MonitorPace();
            }
        };
    }

    private VmLimits read(Map<ServerTrait, String> found) {
        return reader.read(7, this::monitor, found, 5);
    }

    @Test
    void anOrdinaryVmHasNoLimits() {
        VmLimits limits = read(Map.of());

        assertThat(limits.traits().blockers()).isEmpty();
        assertThat(limits.traits().excluded()).isEmpty();
        assertThat(limits.running()).isNull();
        assertThat(limits.diskBytes()).isEqualTo(5);
    }

    @Test
    void qemusReasonsAreRead() {
        answers.put("query-migrate", "{\"blocked-reasons\": [\"VFIO\", \"9p is mounted\"]}");

        assertThat(read(Map.of()).traits().immovable()).hasValue("QEMU reports: VFIO; 9p is mounted");
    }

    @Test
    void ignoredSharedMemoryIsRead() {
        answers.put("query-migrate-capabilities", CAPABILITIES.formatted("true"));

        assertThat(read(Map.of()).traits().found()).containsOnlyKeys(ServerTrait.IGNORES_SHARED_MEMORY);
    }

    @Test
    void afterAnUpgradeTheVmsOwnQemuIsAsked() throws Exception {
        replaceBinary();

        RunningQemu running = read(Map.of()).running();

        assertThat(running.version()).isEqualTo(new Version(7, 2, 1));
        assertThat(running.capabilities()).containsExactly("xbzrle", "x-ignore-shared");
    }

    /** As when a package manager keeps the old file under another name. */
    @Test
    void anotherFileOfTheSameNameIsAnotherQemu() throws Exception {
        assertThat(reader.isReplaced(7)).isFalse();
        Path moved = directory.resolve("old");
        Path exe = directory.resolve("proc/7/exe");
        Files.move(binary, moved);
        Files.delete(exe);
        Files.createSymbolicLink(exe, moved);
        assertThat(reader.isReplaced(7)).isFalse();

        replaceBinary();
        assertThat(reader.isReplaced(7)).isTrue();
        assertThat(reader.isReplaced(8)).isFalse();
    }

    @Test
    void aMonitorThatDoesNotAnswerLeavesItUnknown() throws Exception {
        answers.remove("query-migrate");
        VmLimits unasked = read(Map.of(ServerTrait.HOST_DEVICE, "hostdev pci"));
        assertThat(unasked.traits().blockers()).isNull();
        assertThat(unasked.traits().immovable()).isPresent();
        assertThat(unasked.running()).isNull();

        replaceBinary();
        assertThat(read(Map.of()).running()).isEqualTo(RunningQemu.UNKNOWN);
    }

    @Test
    void whatAnEarlierReadingWasToldHoldsWhileTheMonitorIsSilent() throws Exception {
        replaceBinary();
        VmLimits asked = read(Map.of(ServerTrait.HOST_DEVICE, "hostdev pci"));
        answers.remove("query-migrate");

        VmLimits kept = read(Map.of(ServerTrait.HOST_DEVICE, "hostdev pci")).after(asked);

        assertThat(kept).isEqualTo(asked);
        assertThat(asked.after(VmLimits.NONE)).isEqualTo(asked);
    }
}
