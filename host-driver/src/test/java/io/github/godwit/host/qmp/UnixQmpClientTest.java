package io.github.godwit.host.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class UnixQmpClientTest {

    /** For a server that answers; no test waits that long. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** For a server that hangs. */
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    private Path directory;

    private Path socket;

    @BeforeEach
    void nameTheSocket() {
        socket = directory.resolve("qmp.sock");
    }

    @Test
    void aCommandReturnsItsResult() throws IOException {
        try (FakeQemu qemu = new FakeQemu(socket, client -> {
                    client.negotiate();
                    assertThat(client.command()).isEqualTo("query-status");
                    client.answer("{\"status\": \"running\"}");
                    client.hang();
                });
                Qmp qmp = UnixQmpClient.connect(socket, PATIENCE)) {
            assertThat(qemu).isNotNull();
            assertThat(qmp.execute("query-status").path("status").asText()).isEqualTo("running");
        }
    }

    @Test
    void aRefusalContainsQemusMessageAndLeavesTheConnectionUsable() throws IOException {
        try (FakeQemu qemu = new FakeQemu(socket, client -> {
                    client.negotiate();
                    client.command();
                    client.refuse("Postcopy is not supported");
                    client.command();
                    client.answer("{}");
                    client.hang();
                });
                Qmp qmp = UnixQmpClient.connect(socket, PATIENCE)) {
            assertThat(qemu).isNotNull();
            assertThatExceptionOfType(QmpException.class)
                    .isThrownBy(() -> qmp.execute("migrate-set-capabilities", Map.of("capabilities", "x")))
                    .withMessageContaining("QEMU refused 'migrate-set-capabilities': Postcopy is not supported")
                    .matches(QmpException::refused);
            assertThat(qmp.execute("query-status").isObject()).isTrue();
        }
    }

    @Test
    void eventsReachTheListenersAndTheLastOneReportsTheEndOfTheConnection() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (FakeQemu qemu = new FakeQemu(socket, client -> {
                    client.negotiate();
                    client.command();
                    client.send("{\"event\": \"MIGRATION\", \"data\": {\"status\": \"active\"}}");
                    client.answer("{}");
                });
                Qmp qmp = UnixQmpClient.connect(socket, PATIENCE)) {
            assertThat(qemu).isNotNull();
            qmp.subscribe(event ->
                    events.add(event.name() + event.data().path("status").asText()));
            qmp.execute("migrate");
            assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo("MIGRATIONactive");
            assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo(QmpEvent.CLOSED);
        }
    }

    @Test
    void aListenerOfAClosedConnectionIsNotifiedAtOnce() throws Exception {
        try (FakeQemu qemu = new FakeQemu(socket, FakeQemu.Client::negotiate);
                Qmp qmp = UnixQmpClient.connect(socket, PATIENCE)) {
            assertThat(qemu).isNotNull();
            assertThatThrownBy(() -> qmp.execute("query-status")).isInstanceOf(QmpException.class);
            BlockingQueue<String> events = new LinkedBlockingQueue<>();
            qmp.subscribe(event -> events.add(event.name()));
            assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo(QmpEvent.CLOSED);
        }
    }

    @Test
    void aServerThatSendsNoGreetingTimesOut() throws IOException {
        try (FakeQemu qemu = new FakeQemu(socket, FakeQemu.Client::hang)) {
            assertThat(qemu).isNotNull();
            assertThatThrownBy(() -> UnixQmpClient.connect(socket, SHORT))
                    .isInstanceOf(QmpException.class)
                    .hasMessageContaining("sent no greeting within 200 ms; another program may be connected to it");
        }
    }

    @Test
    void theConnectionIsClosedAfterFourCommandsWithoutResponse() throws IOException {
        try (FakeQemu qemu = new FakeQemu(socket, client -> {
                    client.negotiate();
                    client.hang();
                });
                Qmp qmp = UnixQmpClient.connect(socket, PATIENCE)) {
            assertThat(qemu).isNotNull();
            for (int command = 1; command <= 3; command++) {
                assertThatThrownBy(() -> qmp.execute("query-status", Map.of(), SHORT))
                        .hasMessageContaining("did not answer 'query-status' within 200 ms");
            }
            assertThatThrownBy(() -> qmp.execute("query-status", Map.of(), SHORT))
                    .hasMessageContaining("within 200 ms, nor 3 commands before it");
            assertThatExceptionOfType(QmpException.class)
                    .isThrownBy(() -> qmp.execute("query-migrate"))
                    .withMessageContaining("did not answer 'query-status'")
                    .matches(e -> !e.refused());
        }
    }

    @Test
    void aLateResponseIsDroppedAndTheNextCommandGetsItsOwnAndMoreTime() throws Exception {
        CountDownLatch tooLate = new CountDownLatch(1);
        try (FakeQemu qemu = new FakeQemu(socket, client -> {
                    client.negotiate();
                    client.command();
                    await(tooLate);
                    client.answer("{\"status\": \"late\"}");
                    client.command();
                    client.answer("{\"status\": \"running\"}");
                    client.hang();
                });
                Qmp qmp = UnixQmpClient.connect(socket, PATIENCE)) {
            assertThat(qemu).isNotNull();
            assertThatThrownBy(() -> qmp.execute("query-status", Map.of(), SHORT))
                    .hasMessageContaining("did not answer 'query-status' within 200 ms");
            tooLate.countDown();
            assertThat(qmp.execute("query-status").path("status").asText()).isEqualTo("running");
            assertThat(qmp.pace().slowest()).isGreaterThanOrEqualTo(SHORT);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aServerThatDoesNotSpeakQmpIsRefused() throws IOException {
        try (FakeQemu qemu = new FakeQemu(socket, client -> client.send("HTTP/1.1 400 Bad Request"))) {
            assertThat(qemu).isNotNull();
            assertThatThrownBy(() -> UnixQmpClient.connect(socket, PATIENCE))
                    .isInstanceOf(QmpException.class)
                    .hasMessageContaining("sent something that is not QMP: 'HTTP/1.1 400 Bad Request'");
        }
    }

    @Test
    void anInvalidMessageFailsThePendingCommand() throws IOException {
        try (FakeQemu qemu = new FakeQemu(socket, client -> {
                    client.negotiate();
                    client.command();
                    client.send("[1, 2]");
                    client.hang();
                });
                Qmp qmp = UnixQmpClient.connect(socket, PATIENCE)) {
            assertThat(qemu).isNotNull();
            assertThatThrownBy(() -> qmp.execute("query-status")).hasMessageContaining("not QMP: '[1, 2]'");
        }
    }

    @Test
    void aResponseWithAnUnknownIdFailsTheConnection() throws IOException {
        try (FakeQemu qemu = new FakeQemu(socket, client -> {
                    client.negotiate();
                    client.command();
                    client.send("{\"return\": {}, \"id\": 99}");
                    client.hang();
                });
                Qmp qmp = UnixQmpClient.connect(socket, PATIENCE)) {
            assertThat(qemu).isNotNull();
            assertThatThrownBy(() -> qmp.execute("query-status"))
                    .hasMessageContaining("response to no pending command");
        }
    }

    @Test
    void aServerThatClosesTheConnectionFailsThePendingCommandAtOnce() throws IOException {
        try (FakeQemu qemu = new FakeQemu(socket, client -> {
                    client.negotiate();
                    client.command();
                });
                Qmp qmp = UnixQmpClient.connect(socket, PATIENCE)) {
            assertThat(qemu).isNotNull();
            assertThatThrownBy(() -> qmp.execute("query-status")).hasMessageContaining("was closed by QEMU");
        }
    }

    @Test
    void ifNothingListensTheMessageNamesTheSocket() {
        assertThatThrownBy(() -> UnixQmpClient.connect(socket, PATIENCE))
                .isInstanceOf(QmpException.class)
                .hasMessageContaining("Cannot connect to the QEMU monitor at " + socket);
    }

    @Test
    void aSocketWhoseQueueIsFullIsReportedInTime(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("qmp.sock");
        List<SocketChannel> others = new ArrayList<>();
        try (ServerSocketChannel qemu = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            qemu.bind(UnixDomainSocketAddress.of(path), 1);
            // The queue takes two connections, which nobody accepts.
            others.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            others.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            assertThatThrownBy(() -> UnixQmpClient.connect(path, Duration.ofMillis(200)))
                    .isInstanceOf(QmpException.class)
                    .hasMessageContaining("no connection within 200 ms");
        } finally {
            for (SocketChannel other : others) {
                other.close();
            }
        }
    }
}
