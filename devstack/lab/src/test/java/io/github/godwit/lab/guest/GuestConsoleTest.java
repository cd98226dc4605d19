package io.github.godwit.lab.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.lab.LabException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests against a socket with scripted answers; the integration tests use the real guest. */
@Timeout(20)
class GuestConsoleTest {

    @TempDir
    private Path directory;

    private Path socket;
    private ServerSocketChannel server;

    @BeforeEach
    void listen() throws IOException {
        socket = directory.resolve("console.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** Answers every connection with the pieces of text, then waits for its end. */
    private void answering(String... pieces) {
        Thread thread = new Thread(
                () -> {
                    while (true) {
                        try (SocketChannel client = server.accept()) {
                            client.read(ByteBuffer.allocate(200));
                            for (String piece : pieces) {
                                client.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.US_ASCII)));
                            }
                            while (client.read(ByteBuffer.allocate(200)) >= 0) {
                                // a repeated command
                            }
                        } catch (IOException e) {
                            return;
                        }
                    }
                },
                "test-guest");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void anAnswerMayComeInPiecesAndAfterOtherLines() {
        answering("something else\nverify o", "k pages=9 writes=8 versions=8 bad=0\n");

        assertThat(new GuestConsole(socket).verify()).isEqualTo("verify ok pages=9 writes=8 versions=8 bad=0");
    }

    /** The answer to an unknown command lists all commands, so it contains the expected one too. */
    @Test
    void theRestOfAnInterruptedConnectionIsNotAnAnswer() {
        answering(
                "error unknown command s, known are verify stats show set\nverify ok pages=9 writes=8 versions=8 bad=0\n");

        assertThat(new GuestConsole(socket).verify()).isEqualTo("verify ok pages=9 writes=8 versions=8 bad=0");
    }

    @Test
    void damagedMemoryIsAnAnswerAndNotAnError() {
        answering("verify BAD pages=9 writes=8 versions=8 bad=1 first=77\n");

        String answer = new GuestConsole(socket).verify();

        assertThat(LabVms.isVerified(answer)).isFalse();
        assertThat(answer).contains("bad=1");
    }

    @Test
    void anErrorContainsTheMessageOfTheGuest() {
        answering("error cpu=2000 must be a whole number from 0 to 1000\n");

        assertThatThrownBy(() -> new GuestConsole(socket).set("cpu=2000"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("must be a whole number from 0 to 1000");
    }

    @Test
    void aGuestThatNeverAnswersEndsTheWait() {
        answering();

        assertThatThrownBy(() -> new GuestConsole(socket).awaitReady(Duration.ofMillis(500)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("does not answer");
    }

    @Test
    void aConsoleThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> new GuestConsole(directory.resolve("none.sock")).verify())
                .isInstanceOf(LabException.class)
                .hasMessageContaining("none.sock");
    }
}
