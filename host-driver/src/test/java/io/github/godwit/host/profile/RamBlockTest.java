package io.github.godwit.host.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RamBlockTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The output of QEMU 10.0. */
    private static final String TABLE = """
                          Block Name    PSize              Offset               Used              Total                HVA  RO
                            pc.ram    4 KiB  0x0000000000000000 0x0000000020000000 0x0000000020000000 0x00007f0dc7e00000  rw
                          vga.vram    4 KiB  0x0000000020080000 0x0000000001000000 0x0000000001000000 0x00007f0db4a00000  rw
              /rom@etc/acpi/tables    4 KiB  0x0000000020080000 0x0000000000020000 0x0000000000200000 0x00007f0df4a00000  ro
            """;

    @Test
    void findsTheLargestWritableBlocksThatHaveTheMemorysSize() throws QmpException {
        assertThat(RamBlock.of(answering(TABLE), MemorySize.ofMebibytes(512), PATIENCE))
                .containsExactly(new RamBlock("pc.ram", 0x7f0dc7e00000L, 512L << 20));
    }

    @Test
    void parsesTheTableOfVersionsWithoutTheLastColumn() {
        String old = TABLE.replace("  rw", "").replace("  ro", "");

        assertThat(RamBlock.parse(old))
                .hasSize(3)
                .first()
                .extracting(RamBlock::name)
                .isEqualTo("pc.ram");
    }

    @Test
    void tooLittleMemoryIsAnError() {
        assertThatThrownBy(() -> RamBlock.of(answering(TABLE), MemorySize.ofMebibytes(1024), PATIENCE))
                .isInstanceOf(QmpException.class)
                .hasMessageContaining("1024M");
    }

    private static Qmp answering(String table) {
        return new FakeQmp((command, arguments) -> new ObjectMapper()
                .valueToTree(Map.of("human-readable-text", table))
                .toString());
    }
}
