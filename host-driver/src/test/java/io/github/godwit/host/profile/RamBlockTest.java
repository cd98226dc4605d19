package io.github.godwit.host.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RamBlockTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A process whose mappings must not be read. */
    private static final Path NOWHERE = Path.of("/nowhere");

    /** The output of QEMU 10.0. */
    private static final String TABLE = """
                          Block Name    PSize              Offset               Used              Total                HVA  RO
                            pc.ram    4 KiB  0x0000000000000000 0x0000000020000000 0x0000000020000000 0x00007f0dc7e00000  rw
                          vga.vram    4 KiB  0x0000000020080000 0x0000000001000000 0x0000000001000000 0x00007f0db4a00000  rw
              /rom@etc/acpi/tables    4 KiB  0x0000000020080000 0x0000000000020000 0x0000000000200000 0x00007f0df4a00000  ro
            """;

    @Test
    void findsTheLargestWritableBlocksThatHaveTheMemorysSize() throws IOException {
        assertThat(RamBlock.of(answering(TABLE), MemorySize.ofMebibytes(512), NOWHERE, PATIENCE))
                .containsExactly(new RamBlock("pc.ram", 0x7f0dc7e00000L, 512L << 20));
    }

    /** Two NUMA nodes of one size, as QEMU 6.2 to 7.2 print them: without addresses, and without the last column. */
    private static final String OLD_TABLE = """
                          Block Name    PSize              Offset               Used              Total
                       ram-node0    4 KiB  0x0000000000000000 0x0000000010000000 0x0000000010000000
                       ram-node1    4 KiB  0x0000000010000000 0x0000000010000000 0x0000000010000000
                        vga.vram    4 KiB  0x0000000020080000 0x0000000001000000 0x0000000001000000
            """;

    private static final String MAPS = """
            55d0c0000000-55d0c0400000 r-xp 00000000 fe:01 131 /usr/bin/qemu-system-x86_64
            7f0da0000000-7f0db0000000 rw-p 00000000 00:00 0
            7f0db0000000-7f0db0001000 ---p 00000000 00:00 0
            7f0db4a00000-7f0db5a00000 rw-p 00000000 00:00 0
            7f0dc0000000-7f0dd0000000 rw-s 00000000 00:01 2048 /memfd:ram-node1 (deleted)
            """;

    @Test
    void blocksThatQemuPrintsWithoutAddressesAreFoundByTheirSizesInTheProcess(@TempDir Path process)
            throws IOException {
        Files.writeString(process.resolve("maps"), MAPS);

        assertThat(RamBlock.of(answering(OLD_TABLE), MemorySize.ofMebibytes(512), process, PATIENCE))
                .containsExactly(
                        new RamBlock("ram-node0", 0x7f0da0000000L, 256L << 20),
                        new RamBlock("ram-node1", 0x7f0dc0000000L, 256L << 20));
    }

    @Test
    void aBlockThatTheProcessDoesNotHaveIsAnError(@TempDir Path process) throws IOException {
        Files.writeString(process.resolve("maps"), MAPS.lines().limit(4).collect(Collectors.joining("\n")));

        assertThatThrownBy(() -> RamBlock.of(answering(OLD_TABLE), MemorySize.ofMebibytes(512), process, PATIENCE))
                .isInstanceOf(QmpException.class)
                .hasMessage(
                        "QEMU does not print where its block ram-node1 is, and has no memory of its 268435456 bytes.");
    }

    @Test
    void tooLittleMemoryIsAnError() {
        assertThatThrownBy(() -> RamBlock.of(answering(TABLE), MemorySize.ofMebibytes(1024), NOWHERE, PATIENCE))
                .isInstanceOf(QmpException.class)
                .hasMessageContaining("1024M");
    }

    private static Qmp answering(String table) {
        return new FakeQmp((command, arguments) -> new ObjectMapper()
                .valueToTree(Map.of("human-readable-text", table))
                .toString());
    }
}
