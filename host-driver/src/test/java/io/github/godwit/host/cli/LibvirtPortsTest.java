package io.github.godwit.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.net.PortRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibvirtPortsTest {

    @TempDir
    Path etc;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "# migration_port_min = 1 | 49152-49215",
                "migration_port_min = 61152;migration_port_max = 61215 # ours | 61152-61215",
                "  migration_port_min=\"50000\" ; migration_port_max = 50010 | 50000-50010",
                "migration_port_max = 49999 | 49152-49999",
                "migration_port_min = fifty | 49152-49215",
                "migration_port_min = 50000 | 49152-49215",
                "migration_port_max = 70000 | 49152-49215",
            })
    void thePortsOfQemuConfHoldUnlessLibvirtWouldRefuseThem(String lines, String expected) throws IOException {
        Path file = Files.writeString(etc.resolve("qemu.conf"), lines.replace(";", "\n"));
        assertThat(LibvirtPorts.read(file)).hasToString(expected);
    }

    @Test
    void withoutAFileLibvirtsDefaultsHold() {
        assertThat(LibvirtPorts.read(etc.resolve("none"))).isEqualTo(PortRange.LIBVIRT);
    }
}
