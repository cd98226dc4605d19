package io.github.godwit.host.migrate.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that the destination's QEMU gets. The monitor is a mock: a real QEMU does none of this on demand. */
class ListeningQemuTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> URI = Map.of("uri", "tcp:[fd00::2]:0");

    private final Monitor qemu = mock();
    private final ListeningQemu listening = new ListeningQemu(qemu, "fd00::2");

    private static JsonNode status(String status) throws IOException {
        // QEMU lists the newest socket first, and a Unix socket has no port.
        return JSON.readTree("""
                {"status": "%s", "socket-address": [{"path": "x"}, {"port": "40123"}, {"port": "40001"}]}""".formatted(status));
    }

    @Test
    void atFirstItListensOnAPortThatItChoosesItself() throws Exception {
        when(qemu.execute("query-migrate")).thenReturn(status("setup"));

        assertThat(listening.listen()).isEqualTo(40_123);
        verify(qemu).execute("migrate-incoming", URI);
    }

    @Test
    void aPausedOneListensAgain() throws Exception {
        when(qemu.execute("query-migrate")).thenReturn(status("postcopy-paused"));

        assertThat(listening.listenAgain()).isEqualTo(40_123);
        verify(qemu).execute("migrate-recover", URI);
        verify(qemu, never()).execute("migrate-pause");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postcopy-active", "postcopy-recover"})
    void oneThatHasNotNoticedTheBreakIsPausedFirst(String before) throws Exception {
        when(qemu.execute("query-migrate")).thenReturn(status(before), status(before), status("postcopy-paused"));

        assertThat(listening.listenAgain()).isEqualTo(40_123);
        verify(qemu).execute("migrate-pause");
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "failed", "active", "none"})
    void oneThatIsInNoBrokenPostCopyIsLeftAlone(String status) throws Exception {
        when(qemu.execute("query-migrate")).thenReturn(status(status));

        assertThatThrownBy(listening::listenAgain).isInstanceOf(Refusal.class).hasMessageContaining("but " + status);
        verify(qemu, never()).execute(any(), any());
    }

    @Test
    void aPortIsNeeded() throws Exception {
        when(qemu.execute("query-migrate")).thenReturn(JSON.readTree("{\"status\": \"postcopy-paused\"}"));

        assertThatThrownBy(listening::listenAgain)
                .isInstanceOf(QmpException.class)
                .hasMessageContaining("does not report on which port of fd00::2");
    }
}
