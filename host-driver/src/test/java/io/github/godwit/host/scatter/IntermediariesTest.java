package io.github.godwit.host.scatter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.scatter.store.Intermediary;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which intermediaries a host may use. */
class IntermediariesTest {

    private static final Intermediary PLAIN = new Intermediary(
            "10.0.0.9", 6379, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty());

    @TempDir
    private Path directory;

    private Intermediaries read(String json) throws Exception {
        return Intermediaries.read(Files.writeString(directory.resolve("intermediaries.json"), json));
    }

    @Test
    void aFileNamesThem() throws Exception {
        assertThat(read("""
                [{"host": "10.0.0.9"},
                 {"host": "fd00::9", "port": 6380, "password_file": "/etc/godwit/redis", "tls": true, "ca": "/etc/godwit/ca.pem",
                  "memory": "8G", "link": "10gbit"}]
                """).all())
                .containsExactly(
                        PLAIN,
                        new Intermediary(
                                "fd00::9",
                                6380,
                                Optional.of(Path.of("/etc/godwit/redis")),
                                true,
                                Optional.of(Path.of("/etc/godwit/ca.pem")),
                                Optional.of(MemorySize.parse("8G")),
                                Optional.of(Bandwidth.parse("10gbit"))));
        assertThat(read("[{\"host\": \"fd00::9\"}]").names()).containsExactly("[fd00::9]:6379");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                | is no JSON",
                "{\"host\": \"10.0.0.9\"}         | must have an array",
                "[{\"host\": \"a\", \"prot\": 1}] | has 'prot', which is none of",
                "[{\"port\": 6379}]               | host of an intermediary",
                "[{\"host\": \"a\", \"port\": 0}] | port of an intermediary",
                "[{\"host\": \"a\", \"ca\": \"/ca.pem\"}] | has a ca, but no \"tls\": true",
                "[{\"host\": \"a\", \"link\": \"fast\"}] | 'fast' is not a bandwidth",
            })
    void aFileThatSaysSomethingElseIsRefused(String json, String words) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @Test
    void aVmWhosePagesTheHeapCannotRememberIsRefusedWithTheOptionThatHelps() {
        Intermediaries.checkHeap(4L << 30, 62L << 20);
        assertThatThrownBy(() -> Intermediaries.checkHeap(16L << 30, 62L << 20))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("needs a heap of 132 MiB, and may have 62 MiB")
                .hasMessageContaining("GODWIT_JAVA_OPTS=-Xmx148m");
    }

    @Test
    void bothHostsMustKnowTheIntermediariesOfAMigration() throws Exception {
        Intermediaries here = read("[{\"host\": \"a\"}, {\"host\": \"b\"}, {\"host\": \"c\"}]");
        assertThat(here.order(null, List.of("b:6379", "c:6379", "d:6379")))
                .isEqualTo(new ScatterOrder(List.of("b:6379", "c:6379"), 2, null));
        assertThat(here.order(null, List.of("b:6379"))).isEqualTo(new ScatterOrder(List.of("b:6379"), 1, null));
        assertThat(here.order(new ScatterOrder(List.of("c:6379", "b:6379"), 1, null), here.names()))
                .isEqualTo(new ScatterOrder(List.of("c:6379", "b:6379"), 1, null));
        assertThatThrownBy(() -> here.order(null, List.of("d:6379"))).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> here.order(new ScatterOrder(List.of("d:6379"), 1, null), here.names()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("[d:6379] are asked for");
        assertThatThrownBy(() -> here.order(new ScatterOrder(null, 4, null), here.names()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("4 copies");
    }

    @Test
    void aPasswordThatOthersCanReadIsNotUsed() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "secret");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
        ScatterTerms terms = read("[{\"host\": \"127.0.0.1\", \"password_file\": \"%s\"}]".formatted(password))
                .terms("m", "key", new ScatterOrder(List.of("127.0.0.1:6379"), 1, null));

        assertThatThrownBy(() -> terms.stores().get(0).open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is open to other users");
    }
}
