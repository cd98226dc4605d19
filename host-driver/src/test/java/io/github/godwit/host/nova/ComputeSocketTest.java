package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // it listens as long as the block lasts
class ComputeSocketTest {

    private static MigrationAdvice advise(NovaMessage message) {
        return message.message() == NovaMessage.Kind.ASK ? MigrationAdvice.own("to " + message.destination()) : null;
    }

    @TempDir
    private Path directory;

    private ComputeSocket socket(Set<String> users) throws IOException {
        return new ComputeSocket(directory.resolve("deep/host.sock"), users, ComputeSocketTest::advise);
    }

    private ComputeSocket socket() throws IOException {
        return socket(Set.of(System.getProperty("user.name")));
    }

    private String say(String text) throws IOException {
        try (SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("deep/host.sock")))) {
            ByteBuffer answer = ByteBuffer.allocate(1 << 16);
            try {
                channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                channel.shutdownOutput();
                while (channel.read(answer) >= 0) {
                    assertThat(answer.hasRemaining()).isTrue();
                }
            } catch (IOException e) {
                return ""; // closed before all was said: a broken pipe, or reset
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }

    private String reason(String text) throws IOException {
        JsonNode answer = WireJson.strictMapper().readTree(say(text));
        assertThat(answer.path("technique").isNull() || answer.path("technique").isMissingNode())
                .isTrue();
        return answer.path("reason").asText();
    }

    @Test
    void aQuestionIsAnsweredAndANoticeIsNot() throws IOException {
        try (ComputeSocket open = socket()) {
            assertThat(reason("{\"message\":\"ASK\",\"vm\":\"v\",\"destination\":\"c2\",\"later\":1}\n"))
                    .isEqualTo("to c2");
            assertThat(say("{\"message\":\"NOTICE\",\"vm\":\"v\"}\n")).isEmpty();
        }
        assertThat(directory.resolve("deep/host.sock")).doesNotExist();
    }

    @Test
    void anUnreadableMessageIsAnsweredWithNovasOwnFlags() throws IOException {
        try (ComputeSocket open = socket()) {
            assertThat(reason("what?\n")).contains("cannot parse the message");
            assertThat(reason("{\"message\":\"ASK\"}\n")).isNotEmpty();
            assertThat(reason("{\"message\":\"DANCE\",\"vm\":\"v\"}\n")).contains("cannot parse the message");
            assertThat(say("no end of line")).isEmpty();
            assertThat(say("x".repeat(70_000))).isEmpty();
            assertThat(reason("{\"message\":\"ASK\",\"vm\":\"v\",\"destination\":\"c3\"}\n"))
                    .isEqualTo("to c3");
        }
    }

    @Test
    void aUserMayBeNamedByItsId() throws IOException {
        Object id = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        try (ComputeSocket open = socket(Set.of(id.toString()))) {
            assertThat(reason("{\"message\":\"ASK\",\"vm\":\"v\",\"destination\":\"c2\"}\n"))
                    .isEqualTo("to c2");
        }
    }

    @Test
    void onlyTheNamedUsersAreServed() throws IOException {
        try (ComputeSocket open = socket(Set.of("somebody-else"))) {
            assertThat(say("{\"message\":\"ASK\",\"vm\":\"v\",\"destination\":\"c2\"}\n"))
                    .isEmpty();
        }
    }

    @Test
    void oneHostDriverListensAndReplacesTheSocketOfADeadOne() throws IOException {
        try (ComputeSocket open = socket()) {
            assertThatThrownBy(this::socket).hasMessageContaining("another host driver's");
        }
        Files.writeString(directory.resolve("deep/host.sock"), "left");
        Files.delete(directory.resolve("deep/host.sock"));
        try (java.nio.channels.ServerSocketChannel dead =
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(directory.resolve("deep/host.sock")));
        }
        try (ComputeSocket open = socket()) {
            assertThat(reason("{\"message\":\"ASK\",\"vm\":\"v\",\"destination\":\"c2\"}\n"))
                    .isEqualTo("to c2");
        }
    }
}
